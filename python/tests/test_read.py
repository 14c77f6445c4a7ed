"""Files, held against astropy where they are real."""

import numpy as np
import pytest
import spectrascape
from astropy.io import fits

TABLE = "# redshift = 0.1\nwavelength,flux,error\n" + "".join(f"{3800 + i},{2 + i / 2000},0.1\n" for i in range(4000))


def test_a_table_by_path_and_by_bytes(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(TABLE)
    (one,) = spectrascape.read(path)
    (two,) = spectrascape.read(str(path))
    (three,) = spectrascape.read(path.read_bytes(), "mine.csv")
    (four,) = spectrascape.read(bytearray(path.read_bytes()), name="mine.csv")
    assert one.file == str(path) and three.file == "mine.csv"
    assert one.id is None and one.name is None and one.ra is None
    assert one.redshift == 0.1 and one.class_name == "unclassified"
    assert any("vacuum is assumed" in note for note in one.notes)
    for other in (two, three, four):
        np.testing.assert_array_equal(other.flux, one.flux)
    assert one.flux.dtype == one.error.dtype == np.float32 and one.wavelength.dtype == np.float64
    np.testing.assert_allclose(one.flux, 2 + (one.wavelength - 3800) / 2000, rtol=1e-4)


def test_what_cannot_be_read_is_said(tmp_path):
    with pytest.raises(FileNotFoundError) as raised:
        spectrascape.read(tmp_path / "none.fits")
    assert raised.value.filename.endswith("none.fits")
    with pytest.raises(ValueError, match="empty.fits is empty"):
        spectrascape.read(b"", "empty.fits")
    with pytest.raises(ValueError, match="noise.fits"):
        spectrascape.read(bytes(range(256)) * 20, "noise.fits")
    with pytest.raises(ValueError, match="`water` is no medium"):
        spectrascape.read(TABLE.encode(), "mine.csv", medium="water")
    with pytest.raises(TypeError, match="path of a file, or its bytes"):
        spectrascape.read(12)


def test_a_real_spectrum_is_as_astropy_reads_it(real):
    path = real / "cases/spec-2127-53859-0085.fits"
    (observation,) = spectrascape.read(path)
    with fits.open(path) as file:
        coadd, object_row = file[1].data, file[2].data
    np.testing.assert_allclose(np.log10(observation.wavelength), coadd["loglam"], atol=2e-6)
    np.testing.assert_array_equal(observation.flux, coadd["flux"])
    good = coadd["ivar"] > 0
    np.testing.assert_allclose(observation.error[good], coadd["ivar"][good] ** -0.5, rtol=1e-6)
    assert not (observation.error[~good] > 0).any()
    assert observation.redshift == pytest.approx(float(object_row["Z"][0]), rel=1e-6)
    assert observation.class_name == "broad-line AGN" and "2127-53859-85" in observation.id


def test_a_real_spectrum_has_the_latents_of_the_right_values(real, model):
    (observation,) = spectrascape.read(real / "cases/right/spec-9001-57000-0004.fits")
    prepared = model.recipe.prepare(observation, model)
    mean, _ = model.encode(prepared.flux, prepared.ivar, refine=False)
    np.testing.assert_allclose(mean, [-0.472, -0.444, -1.974, 0.957, -0.349, -0.729], atol=2e-3)
    chi2 = np.mean(((prepared.flux - model.decode(mean)) ** 2 * prepared.ivar)[~prepared.mask])
    assert chi2 == pytest.approx(3.43, abs=0.01)
