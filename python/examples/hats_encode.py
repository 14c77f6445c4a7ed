"""Encodes a survey's spectra on Dask: each partition of a Parquet or HATS catalogue becomes one Parquet file of latents.

    python hats_encode.py CATALOGUE OUT --model vae6.safetensors                              # two processes on this machine
    python hats_encode.py CATALOGUE OUT --model vae6.safetensors --scheduler tcp://head:8786  # a cluster that runs already

CATALOGUE is a HATS catalogue, a folder of Parquet files or one such file, a spectrum a row in list columns: flux; ivar or
error; lambda, wavelength or loglam (or coeff0 and coeff1 as numbers); and, if there is one, a boolean mask (true = bad). They
may be fields of a struct `spectrum`, as the Multimodal Universe has them. Pixels whose wavelength is not positive are padding.
Bit masks such as andmask are not used: a pixel without weight has an ivar of 0.

Every row of a partition has its row in the partition's output, in order: its identifier, ra, dec, redshift, mean_1..,
log_var_1.., chi2 and, where the spectrum could not be encoded, the reason in place of numbers. An output is written under
another name and renamed when it is whole: whatever is killed, what is done stays done, and the same command goes on.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import os
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import spectrascape

# Rows read, encoded and written at once: what a worker needs of memory does not depend on the size of a partition.
ROWS = 512
# Names of list columns, in any case, alone or as fields of a struct; the first that is there counts.
LISTS = {
    "flux": ("flux",),
    "ivar": ("ivar", "inverse_variance"),
    "error": ("error", "sigma", "flux_error", "flux_err"),
    "wavelength": ("lambda", "wavelength", "wave"),
    "loglam": ("loglam", "log_lambda", "log_wavelength"),
    "mask": ("mask",),
}
# Names of columns of numbers.
NUMBERS = {"coeff0": ("coeff0",), "coeff1": ("coeff1",), "redshift": ("z", "redshift")}
# Columns that outputs repeat: what tells rows apart, and HATS's own index.
KEPT = ("object_id", "specobjid", "targetid", "id", "ra", "dec", "_healpix_29")
# Key of the description in the metadata of an output.
KEY = b"spectrascape"


@dataclass(frozen=True)
class Task:
    """A partition to be encoded."""

    source: str
    target: str
    model: str
    model_sha256: str
    trial: bool = False

    def description(self) -> dict[str, Any]:
        """Says what the output is made from: an output with another description is not that of this task."""
        size = os.stat(self.source).st_size
        return {"model_sha256": self.model_sha256, "partition_bytes": size, "trial": self.trial}


@dataclass(frozen=True)
class Outcome:
    """What became of a partition."""

    target: str
    rows: int
    refused: int
    done_before: bool


def partitions(catalogue: Path) -> list[Path]:
    """Lists the Parquet files of a catalogue, without those of its metadata."""
    if catalogue.is_file():
        return [catalogue]
    collection = catalogue / "collection.properties"
    if collection.is_file():
        # Beside the catalogue itself a collection has margins, which repeat its objects.
        lines = (line.partition("=") for line in collection.read_text().splitlines())
        properties = {key.strip(): value.strip() for key, _, value in lines}
        catalogue = catalogue / properties["hats_primary_table_url"]
    files = (path for path in catalogue.rglob("*.parquet") if path.is_file())
    return sorted(path for path in files if not path.name.startswith(("_", ".")))


def plan(catalogue: Path, out: Path, model: Path, trial: bool = False) -> list[Task]:
    """Returns a task for each partition, with outputs in the same folders as the partitions."""
    files = partitions(catalogue)
    if not files:
        raise ValueError(f"{catalogue} holds no Parquet file: give a HATS catalogue or a folder of Parquet files")
    root = catalogue.parent if catalogue.is_file() else catalogue
    if out.resolve().is_relative_to(root.resolve()) and not catalogue.is_file():
        raise ValueError(f"{out} is inside the catalogue: give a folder of its own for the latents")
    sha256 = hashlib.sha256(model.read_bytes()).hexdigest()
    targets = [out / path.relative_to(root) for path in files]
    return [Task(str(path), str(target), str(model), sha256, trial) for path, target in zip(files, targets)]


def encode_partition(task: Task) -> Outcome:
    """Encodes a partition and writes its latents, unless that was done before."""
    before = done(task)
    if before is not None:
        return before
    model = load(task.model, task.model_sha256)
    target = Path(task.target)
    target.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: a scheduler that lost sight of a worker may give the same partition to a second one.
    partial = target.with_name(f".{target.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}.partial")
    try:
        rows, refused = write(partial, task, model)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    for abandoned in target.parent.glob(f".{target.name}.*.partial"):
        abandoned.unlink(missing_ok=True)
    return Outcome(task.target, rows, refused, done_before=False)


def done(task: Task) -> Outcome | None:
    """Returns the outcome of a partition whose output is there; None where it is not."""
    if not os.path.exists(task.target):
        return None
    with pq.ParquetFile(task.target) as file:
        found = (file.schema_arrow.metadata or {}).get(KEY)
        if found is None or json.loads(found) != task.description():
            raise ValueError(f"{task.target} is of another model, partition or option: remove it, or give another folder")
        reasons = file.read(columns=["reason"])["reason"]
    return Outcome(task.target, len(reasons), len(reasons) - reasons.null_count, done_before=True)


@functools.cache
def load(path: str, sha256: str) -> spectrascape.Model:
    """Reads the model, once in each process."""
    data = Path(path).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"{path} is not the model that this run began with: start the run again")
    return spectrascape.Model.from_bytes(data, path)


def write(path: Path, task: Task, model: spectrascape.Model) -> tuple[int, int]:
    """Writes a partition's latents, some rows at a time. Returns how many rows there are, and how many of them were refused."""
    rows = refused = 0
    with pq.ParquetFile(task.source) as file:
        schema = file.schema_arrow
        columns = find_columns(schema, task.source)
        kept = [field.name for field in schema if field.name.lower() in KEPT]
        outputs = output_schema(schema, kept, model.latents).with_metadata({KEY: json.dumps(task.description()).encode()})
        # Of a struct the fields that are used, of a list of structs all.
        needed = [path[0] if is_list(schema.field(path[0]).type) else ".".join(path) for path in columns.values()]
        with pq.ParquetWriter(path, outputs) as writer:
            for batch in file.iter_batches(batch_size=ROWS, columns=needed + kept):
                table = encode_rows(batch, columns, kept, outputs, model, task.trial)
                writer.write_table(table)
                rows += table.num_rows
                refused += table.num_rows - table["reason"].null_count
    return rows, refused


def find_columns(schema: pa.Schema, source: str) -> dict[str, tuple[str, ...]]:
    """Finds where a partition has what, by names and types: the path of each column, through a struct if it is in one."""
    types: dict[tuple[str, ...], pa.DataType] = {}
    for field in schema:
        inside = field.type.value_type if is_list(field.type) else field.type
        if not pa.types.is_struct(inside):
            types[(field.name,)] = field.type
        for part in inside if pa.types.is_struct(inside) else ():
            types[(field.name, part.name)] = pa.list_(part.type) if is_list(field.type) else part.type
    columns = {}
    for role, names in (LISTS | NUMBERS).items():
        fits = [path for path, kind in types.items() if is_list(kind) == (role in LISTS)]
        named = (path for name in names for path in fits if path[-1].lower() == name)
        path = next(named, None)
        # A mask of numbers is one of bits, most of which are set for good pixels too.
        if path and (role != "mask" or pa.types.is_boolean(types[path].value_type)):
            columns[role] = path
    wanted = {"flux": ["flux"], "ivar or error": ["ivar", "error"], "lambda or loglam": ["wavelength", "loglam", "coeff1"]}
    missing = [what for what, roles in wanted.items() if not any(role in columns for role in roles)]
    if missing:
        have = ", ".join(".".join(path) for path in types)
        raise ValueError(f"{source} has no list column {' and none '.join(missing)}: its columns are {have}")
    return columns


def output_schema(schema: pa.Schema, kept: Sequence[str], latents: int) -> pa.Schema:
    """Returns the columns of an output."""
    numbers = [f"{name}_{latent + 1}" for name in ("mean", "log_var") for latent in range(latents)] + ["chi2"]
    fields = [schema.field(name) for name in kept] + [pa.field("redshift", pa.float64()), pa.field("by_trial", pa.bool_())]
    return pa.schema(fields + [pa.field(name, pa.float32()) for name in numbers] + [pa.field("reason", pa.string())])


def encode_rows(
    batch: pa.RecordBatch,
    columns: dict[str, tuple[str, ...]],
    kept: Sequence[str],
    outputs: pa.Schema,
    model: spectrascape.Model,
    trial: bool,
) -> pa.Table:
    """Encodes the spectra of some rows. A row whose spectrum is refused has the reason in place of numbers."""
    rows = batch.num_rows
    flux, ivar = np.zeros((rows, 1000), np.float32), np.zeros((rows, 1000), np.float32)
    redshift, by_trial = np.full(rows, np.nan), np.zeros(rows, bool)
    reasons: list[str | None] = []
    for row, spectrum in enumerate(spectra(batch, columns)):
        try:
            observation = observe(spectrum)
            by_trial[row] = trial and not usable(observation.redshift)
            known = model.redshift(observation).redshift if by_trial[row] else observation.redshift
            redshift[row] = np.nan if known is None else known
            prepared = model.recipe.prepare(observation, model, redshift=known)
            flux[row], ivar[row] = prepared.flux, prepared.ivar
            reasons.append(None)
        except ValueError as error:
            reasons.append(str(error))
    mean, log_var = model.encode(flux, ivar)
    decoded = model.decode(mean)
    with np.errstate(invalid="ignore", divide="ignore"):
        # The fit leaves the amplitude free: the norm was computed from infilled pixels too.
        scale = (flux * decoded * ivar).sum(axis=1, dtype=np.float64) / (decoded**2 * ivar).sum(axis=1, dtype=np.float64)
        residual = flux - scale[:, None] * decoded
        chi2 = (residual**2 * ivar).sum(axis=1, dtype=np.float64) / (ivar > 0).sum(axis=1)
    numbers = np.column_stack([mean, log_var, chi2]).astype(np.float32)
    numbers[[reason is not None for reason in reasons]] = np.nan
    arrays = [batch.column(name) for name in kept] + [pa.array(redshift), pa.array(by_trial)]
    return pa.table(arrays + [pa.array(column) for column in numbers.T] + [pa.array(reasons, pa.string())], schema=outputs)


def usable(redshift: float | None) -> bool:
    """Returns whether a redshift is one that models are made for."""
    low, high = spectrascape.REDSHIFT_RANGE
    return redshift is not None and low <= redshift <= high


def spectra(batch: pa.RecordBatch, columns: dict[str, tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    """Yields what each row has, by role: a NumPy array of a list column, a number of another; None where there is nothing."""
    values = {role: column_values(batch, path) for role, path in columns.items()}
    for row in range(batch.num_rows):
        yield {role: column[row] for role, column in values.items()}


def column_values(batch: pa.RecordBatch, path: tuple[str, ...]) -> list[Any]:
    """Returns the value of each row of a column."""
    column = batch.column(path[0])
    if len(path) > 1 and pa.types.is_struct(column.type):
        column = pc.struct_field(column, path[1])
    if not is_list(column.type):
        return list(column.to_pylist())
    if pa.types.is_fixed_size_list(column.type):
        column = column.cast(pa.list_(column.type.value_type))
    pixels = column.values
    if pa.types.is_struct(pixels.type):
        pixels = pc.struct_field(pixels, path[1])
    numbers = pixels.to_numpy(zero_copy_only=False)
    edges, present = column.offsets.to_numpy(), column.is_valid().to_pylist()
    return [numbers[edges[row] : edges[row + 1]] if present[row] else None for row in range(len(column))]


def is_list(kind: pa.DataType) -> bool:
    """Returns whether a column holds a list a row."""
    return any(is_kind(kind) for is_kind in (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list))


def observe(spectrum: dict[str, Any]) -> spectrascape.Observation:
    """Makes an observation of what a row has."""
    flux = spectrum["flux"]
    if flux is None:
        raise ValueError("the row has no flux")
    if spectrum.get("wavelength") is not None:
        wavelength = spectrum["wavelength"]
    elif spectrum.get("loglam") is not None:
        wavelength = 10.0 ** np.asarray(spectrum["loglam"], np.float64)
    elif spectrum.get("coeff0") is not None and spectrum.get("coeff1") is not None:
        wavelength = 10.0 ** (spectrum["coeff0"] + spectrum["coeff1"] * np.arange(len(flux)))
    else:
        raise ValueError("the row has no wavelengths")
    ivar = spectrum.get("ivar")
    if ivar is None:
        if spectrum.get("error") is None:
            raise ValueError("the row has neither ivar nor error")
        with np.errstate(divide="ignore"):
            ivar = np.asarray(spectrum["error"], np.float64) ** -2
    mask = spectrum.get("mask")
    if mask is not None and len(mask) == len(ivar):
        ivar = np.where(mask, 0.0, ivar)
    redshift = spectrum.get("redshift")
    known = redshift is not None and np.isfinite(redshift)
    return spectrascape.Observation(wavelength, flux, ivar, redshift=redshift if known else None, name="the row")


def run(client: Any, tasks: Sequence[Task], retries: int = 5) -> tuple[list[Outcome], list[str]]:
    """Encodes partitions on a cluster, a line on stderr each. Returns what became of them, and why the others failed."""
    from distributed import as_completed

    client.upload_file(__file__)
    # Each is one call: a result that is lost with its worker costs a second look at the output, no second encoding.
    futures = client.map(encode_partition, tasks, retries=retries, pure=False)
    outcomes, failures, start = [], [], time.monotonic()
    for future in as_completed(futures):
        error = future.exception()
        if error is not None:
            failures.append(str(error))
            print(error, file=sys.stderr)
            continue
        outcomes.append(future.result())
        rows = sum(one.rows for one in outcomes)
        rate = sum(one.rows for one in outcomes if not one.done_before) / (time.monotonic() - start)
        share = f"{len(outcomes)} of {len(tasks)} partitions"
        print(f"{share}, {rows} rows, {rate:.0f} rows a second: {outcomes[-1].target}", file=sys.stderr)
        future.release()
    return outcomes, failures


def main() -> int:
    """Reads the arguments and encodes the catalogue."""
    description, _, rest = __doc__.partition("\n\n")
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=description, epilog=rest, formatter_class=formatter)
    parser.add_argument("catalogue", type=Path, help="HATS catalogue, folder of Parquet files, or one Parquet file")
    parser.add_argument("out", type=Path, help="folder for the latents, one Parquet file a partition")
    parser.add_argument("--model", type=Path, required=True, help="the model's file")
    parser.add_argument("--trial", action="store_true", help="find missing redshifts, and those out of range, by trial")
    parser.add_argument("--scheduler", help="address of a running Dask scheduler; its workers must see the same files")
    parser.add_argument("--workers", type=int, default=2, help="processes on this machine where no scheduler is given")
    parser.add_argument("--retries", type=int, default=5, help="times that a partition is tried again")
    arguments = parser.parse_args()
    try:
        tasks = plan(arguments.catalogue, arguments.out, arguments.model, arguments.trial)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1

    import dask
    from distributed import Client, LocalCluster

    # How often a partition may lose its worker: by default, three times and it is given up as the cause.
    dask.config.set({"distributed.scheduler.allowed-failures": arguments.retries})
    if arguments.scheduler:
        client = Client(arguments.scheduler)
    else:
        client = Client(LocalCluster(n_workers=arguments.workers, threads_per_worker=1, dashboard_address=None))
    with client:
        outcomes, failures = run(client, tasks, arguments.retries)
    rows, refused = sum(one.rows for one in outcomes), sum(one.refused for one in outcomes)
    print(f"{rows} rows in {len(outcomes)} partitions, {refused} refused, {len(failures)} partitions failed")
    return 1 if failures else 0


if __name__ == "__main__":
    # As a module of its own name, under which workers import it too.
    import hats_encode

    sys.exit(hats_encode.main())
