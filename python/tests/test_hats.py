"""The example that encodes a catalogue on Dask: layouts of columns, what goes wrong, and a worker killed in the middle."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import MODEL, observed
from spectrascape import Observation

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
sys.path.insert(0, str(EXAMPLES))

import hats_encode  # noqa: E402


def lists(rows, kind=None):
    return pa.array([list(row) for row in rows], kind and pa.list_(kind))


def catalogue(weights, count, seed, layout="struct"):
    """A partition of `count` spectra in one of the layouts that are in use, and what is in it."""
    wavelength, flux, ivar, redshift, _ = observed(weights, count, seed)
    flux, ivar = flux.astype(np.float32), ivar.astype(np.float32)
    ids = [f"{seed * 1_000_000 + row}" for row in range(count)]
    sky = {"ra": pa.array(np.linspace(10.0, 20.0, count)), "dec": pa.array(np.linspace(-5.0, 5.0, count))}
    waves = np.broadcast_to(wavelength, flux.shape)
    facts = {"object_id": pa.array(ids)} | sky | {"Z": pa.array(redshift)}
    if layout in ("struct", "list of structs"):
        # The Multimodal Universe: padded to one length, wavelengths of padding -1, a boolean mask.
        pad = 40
        padded = {
            "flux": np.pad(flux, ((0, 0), (0, pad))),
            "ivar": np.pad(ivar, ((0, 0), (0, pad))),
            "lsf_sigma": np.pad(np.ones_like(flux), ((0, 0), (0, pad))),
            "lambda": np.pad(waves, ((0, 0), (0, pad)), constant_values=-1.0).astype(np.float32),
            "mask": np.pad(ivar == 0, ((0, 0), (0, pad)), constant_values=True),
        }
        # What the mask covers is not to be used, whatever its ivar says.
        padded["ivar"][padded["mask"]] = 1e6
        kinds = {name: pa.bool_() if name == "mask" else pa.float32() for name in padded}
        if layout == "struct":
            fields = [lists(values, kinds[name]) for name, values in padded.items()]
            spectrum = pa.StructArray.from_arrays(fields, list(padded))
        else:
            inside = pa.struct(list(kinds.items()))
            rows = [[dict(zip(padded, pixel)) for pixel in zip(*(padded[name][row].tolist() for name in padded))] for row in range(count)]
            spectrum = pa.array(rows, pa.list_(inside))
        columns = facts | {"spectrum": spectrum}
    elif layout == "dr7":
        # DR7 as HATS: bit masks, of which nearly all have some bit, and nested lists beside each other.
        bits = np.full(flux.shape, 1 << 23, np.int32)
        names = {"flux": flux, "ivar": ivar, "andmask": bits, "ormask": bits, "wavedisp": np.ones_like(flux), "loglam": np.log10(waves)}
        columns = facts | {"_healpix_29": pa.array(range(count), pa.int64())} | {name: lists(rows) for name, rows in names.items()}
    elif layout == "coefficients":
        with np.errstate(divide="ignore"):
            error = np.where(ivar > 0, ivar.astype(np.float64) ** -0.5, np.inf)
        numbers = {"coeff0": pa.array([np.log10(wavelength[0])] * count), "coeff1": pa.array([1e-4] * count)}
        columns = facts | numbers | {"flux": lists(flux), "error": lists(error)}
    return pa.table(columns), (wavelength, flux, ivar, redshift)


def directly(model, wavelength, flux, ivar, redshift):
    """The latents of the same spectra, one by one."""
    rows = zip(flux, ivar, redshift)
    prepared = [model.recipe.prepare(Observation(wavelength, *row, redshift=z), model) for *row, z in rows]
    return model.encode(np.stack([one.flux for one in prepared]), np.stack([one.ivar for one in prepared]))


def columns_of(table, name):
    return np.column_stack([table[f"{name}_{latent + 1}"] for latent in range(6)])


@pytest.mark.parametrize("layout", ["struct", "list of structs", "dr7", "coefficients"])
def test_every_layout_gives_the_same_latents(layout, model, weights, tmp_path):
    table, spectra = catalogue(weights, 30, seed=21, layout=layout)
    source = tmp_path / "in" / "train-0.parquet"
    source.parent.mkdir()
    pq.write_table(table, source)
    (task,) = hats_encode.plan(source.parent, tmp_path / "out", MODEL)
    outcome = hats_encode.encode_partition(task)
    assert (outcome.rows, outcome.refused, outcome.done_before) == (30, 0, False)
    latents = pq.read_table(tmp_path / "out/train-0.parquet")
    for name in ("object_id", "ra", "dec", *(["_healpix_29"] if layout == "dr7" else [])):
        assert latents[name].equals(table[name])
    mean, log_var = directly(model, *spectra)
    # Wavelengths in single precision move the pixels of some layouts by a hundredth of their width.
    np.testing.assert_allclose(columns_of(latents, "mean"), mean, atol=0.02)
    np.testing.assert_allclose(columns_of(latents, "log_var"), log_var, atol=0.05)
    np.testing.assert_array_equal(latents["redshift"], spectra[3])
    assert np.isfinite(latents["chi2"]).all() and latents["reason"].null_count == 30


def test_rows_that_cannot_be_encoded_stay_with_a_reason(model, weights, tmp_path):
    table, (wavelength, flux, ivar, redshift) = catalogue(weights, 8, seed=22, layout="dr7")
    shapes = {"flux": table["flux"].to_pylist(), "ivar": table["ivar"].to_pylist(), "Z": table["Z"].to_pylist()}
    shapes["flux"][1] = None
    shapes["ivar"][2] = shapes["ivar"][2][:-5]
    shapes["ivar"][3] = [0.0] * len(shapes["ivar"][3])
    shapes["Z"][4], shapes["Z"][5] = None, 1.5
    for name, values in shapes.items():
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(values, table.schema.field(name).type))
    source = tmp_path / "in.parquet"
    pq.write_table(table, source)
    (task,) = hats_encode.plan(source, tmp_path / "out", MODEL)
    assert hats_encode.encode_partition(task).refused == 5
    latents = pq.read_table(tmp_path / "out/in.parquet")
    assert latents["object_id"].equals(table["object_id"])
    reasons = latents["reason"].to_pylist()
    for row, what in {1: "no flux", 2: "wavelength", 3: "error", 4: "no redshift", 5: "1.500 is outside"}.items():
        assert what in reasons[row]
    good = [0, 6, 7]
    assert [row for row in range(8) if reasons[row] is None] == good
    assert np.isnan(columns_of(latents, "mean")[1:6]).all()
    mean, _ = directly(model, wavelength, flux[good], ivar[good], redshift[good])
    np.testing.assert_allclose(columns_of(latents, "mean")[good], mean, atol=1e-4)
    # By trial, those without a usable redshift have one.
    (task,) = hats_encode.plan(source, tmp_path / "by trial", MODEL, trial=True)
    assert hats_encode.encode_partition(task).refused == 3
    found = pq.read_table(tmp_path / "by trial/in.parquet")
    assert [row for row in range(8) if found["by_trial"][row].as_py()] == [4, 5]
    np.testing.assert_allclose(np.array(found["redshift"])[[4, 5]], redshift[[4, 5]], atol=6e-4)


def test_a_partition_is_done_once_and_only_for_its_model(weights, tmp_path):
    table, _ = catalogue(weights, 3, seed=23, layout="dr7")
    folder = tmp_path / "in/dataset/Norder=1/Dir=0"
    folder.mkdir(parents=True)
    pq.write_table(table, folder / "Npix=7.parquet")
    # HATS's own, which are no partitions.
    pq.write_table(table.slice(0, 0), tmp_path / "in/dataset/_metadata.parquet")
    tasks = hats_encode.plan(tmp_path / "in", tmp_path / "out", MODEL)
    assert [Path(task.target).relative_to(tmp_path) for task in tasks] == [Path("out/dataset/Norder=1/Dir=0/Npix=7.parquet")]
    first = hats_encode.encode_partition(tasks[0])
    written = os.stat(tasks[0].target)
    again = hats_encode.encode_partition(tasks[0])
    assert (first.done_before, again.done_before, again.rows, again.refused) == (False, True, 3, 0)
    assert os.stat(tasks[0].target).st_mtime_ns == written.st_mtime_ns
    other = hats_encode.plan(tmp_path / "in", tmp_path / "out", MODEL.with_name("vae2.safetensors"))
    with pytest.raises(ValueError, match="of another model"):
        hats_encode.encode_partition(other[0])
    with pytest.raises(ValueError, match="inside the catalogue"):
        hats_encode.plan(tmp_path / "in", tmp_path / "in/latents", MODEL)
    with pytest.raises(ValueError, match="no Parquet file"):
        hats_encode.plan(tmp_path / "out/none", tmp_path / "latents", MODEL)


def test_a_collection_is_its_catalogue_without_margins(weights, tmp_path):
    table, _ = catalogue(weights, 2, seed=24, layout="dr7")
    for name in ("objects", "objects_margin"):
        (tmp_path / "in" / name / "dataset").mkdir(parents=True)
        pq.write_table(table, tmp_path / "in" / name / "dataset/Npix=0.parquet")
    (tmp_path / "in/collection.properties").write_text("obs_collection=mine\nhats_primary_table_url=objects\n")
    (task,) = hats_encode.plan(tmp_path / "in", tmp_path / "out", MODEL)
    assert task.source.endswith("in/objects/dataset/Npix=0.parquet")


def test_a_table_without_spectra_is_refused(tmp_path):
    source = tmp_path / "in.parquet"
    pq.write_table(pa.table({"object_id": [1, 2], "flux": [1.0, 2.0]}), source)
    (task,) = hats_encode.plan(source, tmp_path / "out", MODEL)
    with pytest.raises(ValueError, match="no list column flux and none ivar or error and none lambda or loglam"):
        hats_encode.encode_partition(task)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_killed_worker_loses_nothing_and_repeats_nothing(weights, tmp_path):
    """Two worker processes, twelve partitions; one worker is killed while it writes a partition and after it finished others."""
    from distributed import Client, LocalCluster

    folder = tmp_path / "in/dataset/Norder=2/Dir=0"
    folder.mkdir(parents=True)
    for part in range(12):
        table, _ = catalogue(weights, 250, seed=100 + part, layout="dr7")
        pq.write_table(table, folder / f"Npix={part}.parquet")
    serial = hats_encode.plan(tmp_path / "in", tmp_path / "serial", MODEL)
    for task in serial:
        hats_encode.encode_partition(task)

    tasks = hats_encode.plan(tmp_path / "in", tmp_path / "out", MODEL)
    out = tmp_path / "out/dataset/Norder=2/Dir=0"
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        pids = set(client.run(os.getpid).values())
        assert len(pids) == 2
        results = []
        running = threading.Thread(target=lambda: results.append(hats_encode.run(client, tasks, retries=3)))
        running.start()
        victim, before = None, {}
        deadline = time.monotonic() + 120
        while victim is None and time.monotonic() < deadline:
            before = {path.name: path.stat() for path in out.glob("[!.]*.parquet")}
            for partial in out.glob(".*.partial"):
                pid = int(partial.name.split(".")[-2].split("-")[0])
                if len(before) >= 3 and pid in pids:
                    os.kill(pid, signal.SIGKILL)
                    victim = partial
                    break
        assert victim is not None, "no worker was caught in the middle of a partition"
        # The partition that it was at is not there.
        unfinished = victim.name[1:].rsplit(".", 2)[0]
        assert unfinished not in before
        running.join(timeout=300)
        assert not running.is_alive()
        ((outcomes, failures),) = results
        after = set(client.run(os.getpid).values())
    assert len(after) == 2 and len(after - pids) == 1, "one worker of the two is new"
    assert failures == [] and len(outcomes) == 12 and sum(one.rows for one in outcomes) == 3000

    # Nothing twice: what was there at the kill was not written again.
    for name, stat in before.items():
        assert (out / name).stat().st_mtime_ns == stat.st_mtime_ns and (out / name).stat().st_ino == stat.st_ino
    # Nothing lost, and nothing but the partitions: row by row as without Dask.
    assert sorted(path.name for path in out.iterdir()) == sorted(f"Npix={part}.parquet" for part in range(12))
    for ours, theirs in zip(tasks, serial):
        found, expected = pq.read_table(ours.target), pq.read_table(theirs.target)
        assert found.num_rows == 250
        np.testing.assert_array_equal(found["object_id"], expected["object_id"])
        assert found.equals(expected)


def test_the_command_line(weights, tmp_path):
    for part in range(2):
        table, _ = catalogue(weights, 5, seed=40 + part, layout="struct")
        (tmp_path / "in").mkdir(exist_ok=True)
        pq.write_table(table, tmp_path / f"in/train-{part}.parquet")
    (tmp_path / "in/broken.parquet").write_bytes(b"PAR1 and no more")
    command = [sys.executable, str(EXAMPLES / "hats_encode.py"), "in", "out", "--model", str(MODEL), "--retries", "1"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=180)
    assert result.returncode == 1, result.stderr
    assert result.stdout == "10 rows in 2 partitions, 0 refused, 1 partitions failed\n"
    (tmp_path / "in/broken.parquet").unlink()
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=180)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "10 rows in 2 partitions, 0 refused, 0 partitions failed\n"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["train-0.parquet", "train-1.parquet"]
