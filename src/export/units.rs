//! From units as manifests write them to the spelling of the Virtual Observatory.

/// Units that VOUnits 1.0 knows by the same name.
const KNOWN: [&str; 22] = [
    "s", "min", "h", "d", "yr", "kyr", "Myr", "Gyr", "m", "cm", "km", "nm", "um", "pc", "kpc", "Mpc", "mag", "deg",
    "arcsec", "Jy", "erg", "W",
];

/// Returns a unit in VOUnits 1.0: `km/s` as `km.s**-1`, `1e-17 erg/s/cm²/Å` as `1e-17erg.s**-1.cm**-2.Angstrom**-1`. `None` for no
/// unit, and for those that the standard does not have, such as dex. (It has Angstrom and erg, but recommends SI units.)
pub fn vounit(unit: &str) -> Option<String> {
    let unit = unit.trim();
    let end = unit.find(|c: char| !(c.is_ascii_digit() || "+-.e".contains(c))).unwrap_or(unit.len());
    // `e` of `1e-17 erg` belongs to the number, that of `erg` to its name.
    let end = if unit[..end].parse::<f64>().is_ok() { end } else { 0 };
    let (number, rest) = unit.split_at(end);
    let scale = match number {
        "" | "1" => "",
        number => number,
    };
    let mut factors = Vec::new();
    for (index, part) in rest.split('/').enumerate() {
        for word in part.split([' ', '.', '*', '·']).filter(|word| !word.is_empty()) {
            let (name, power) = power_of(word)?;
            let power = if index == 0 { power } else { -power };
            factors.push(if power == 1 { name.to_owned() } else { format!("{name}**{power}") });
        }
    }
    (!factors.is_empty()).then(|| format!("{scale}{}", factors.join(".")))
}

/// Splits a unit into name and power: `cm²`, `cm^2` or `cm2`.
fn power_of(word: &str) -> Option<(&str, i32)> {
    let split = word.find(|c: char| c == '²' || c == '³' || c == '^' || c == '-' || c.is_ascii_digit());
    let (name, power) = word.split_at(split.unwrap_or(word.len()));
    let power = match power.trim_start_matches('^') {
        "" => 1,
        "²" => 2,
        "³" => 3,
        digits => digits.parse().ok().filter(|power: &i32| (-9..=9).contains(power) && *power != 0)?,
    };
    match name {
        "A" | "Å" | "AA" | "Angstrom" => Some(("Angstrom", power)),
        name => KNOWN.iter().find(|known| **known == name).map(|known| (*known, power)),
    }
}
