//! The paper's sample as queries (Portillo et al. 2020, section 2.1, and the published code).

/// The queries with what is to be known about them, as `sample portillo2020` prints them.
pub(super) const PORTILLO_2020: &str = "\
-- The sample of Portillo, Parejko, Vergara & Connolly (2020, arXiv:2002.10464), as queries for SkyServer. Save the result of ONE
-- of the two as CSV (its first line may be #Table1), then
--     spectrascape sample portillo2020 --from RESULT.csv --out list.csv
-- turns it into the list of addresses that `spectrascape download --list` fetches.

-- 1. The paper's own, for DR7 (https://skyserver.sdss.org/dr7). 70 = 0x46: the bits TARGET_GALAXY (0x40), QSO_CAP (0x2) and
--    QSO_SKIRT (0x4) of PrimTarget. The server returns its first 64,000 rows in an order of its own: no random sample.
SELECT TOP 64000 plate, mjd, fiberid
FROM specObj
WHERE ((PrimTarget & 70) > 0) AND (z > 0) AND (z <= 0.36)

-- 2. Its translation to the columns of DR8 to DR17 (https://skyserver.sdss.org/dr17), not yet tried on that server: from DR8 on
--    legacy_target1 holds the bits of PrimTarget (on special plates, special_target1). It returns every such spectrum, not the
--    paper's 64,000: write TOP 64000 after SELECT, or give `sample` --rows 64000, for as many; they are others than the paper's.
SELECT plate, mjd, fiberID, run2d, ra, dec, z, zErr, zWarning, class, subClass
FROM SpecObj
WHERE (legacy_target1 & 70) > 0 AND z > 0 AND z <= 0.36

-- The paper then keeps the spectra whose headers say SPEC_CLN = 2 (galaxy) or 3 (quasar). DR8 and later have no SPEC_CLN: class
-- GALAXY or QSO stands for it, by another pipeline. `sample` leaves out the rows whose class (or DR7's specClass) is another, where
-- the result has that column; it does not look into files.
";

/// The address at which SkyServer answers queries for DR17.
pub(super) const SKYSERVER: &str = "https://skyserver.sdss.org/dr17/SkyServerWS/SearchTools/SqlSearch";

/// Returns the address at which `server` answers the query for DR17, its first `rows` rows.
pub(super) fn question(server: &str, rows: Option<usize>) -> String {
    let start = PORTILLO_2020.rfind("SELECT plate").unwrap_or_default();
    let lines = PORTILLO_2020[start..].lines().take_while(|line| !line.is_empty());
    let mut query = lines.collect::<Vec<_>>().join(" ");
    if let Some(rows) = rows {
        query = query.replacen("SELECT", &format!("SELECT TOP {rows}"), 1);
    }
    let encoded = query.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded += &format!("%{byte:02X}"),
        }
        encoded
    });
    format!("{server}?cmd={encoded}&format=csv")
}

/// Returns whether SPEC_CLN would be 2 or 3, from a row's `class` (DR8 and later) or `specClass` (DR7, the same codes).
pub(super) fn is_galaxy_or_quasar(class: &str) -> bool {
    ["GALAXY", "QSO", "2", "3"].iter().any(|kept| class.eq_ignore_ascii_case(kept))
}
