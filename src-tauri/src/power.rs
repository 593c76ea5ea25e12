//! Where the computer's power comes from.
//!
//! Linux says it in files (`/sys/class/power_supply`, kernel ABI `sysfs-class-power`). On Windows and macOS it is not asked
//! yet: there the answer is always mains, so history is fetched on battery, too, unless the organisation's policy says
//! otherwise. Refused: `UPower`, which a minimal desktop does not have and which reads the same files.

/// The computer runs on its battery.
#[cfg(target_os = "linux")]
pub(crate) fn on_battery() -> bool {
    drains(std::path::Path::new("/sys/class/power_supply"))
}

/// The computer runs on its battery: not asked on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn on_battery() -> bool {
    false
}

/// A battery of the computer drains, and no charger is plugged in. Batteries of mice and headsets (`scope`: Device) say
/// nothing.
#[cfg(any(target_os = "linux", test))]
fn drains(supplies: &std::path::Path) -> bool {
    let Ok(supplies) = std::fs::read_dir(supplies) else { return false };
    let mut drains = false;
    for supply in supplies.flatten() {
        let read = |file: &str| std::fs::read_to_string(supply.path().join(file)).unwrap_or_default();
        let (kind, scope, online, status) = (read("type"), read("scope"), read("online"), read("status"));
        match kind.trim() {
            "Battery" if scope.trim() != "Device" => drains |= status.trim() == "Discharging",
            "Mains" | "USB" if online.trim() == "1" => return false,
            _ => {}
        }
    }
    drains
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A folder like the kernel's: supplies, each with its files.
    fn supplies(supplies: &[(&str, &[(&str, &str)])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, files) in supplies {
            let supply = folder.path().join(name);
            std::fs::create_dir(&supply).unwrap();
            for (file, text) in *files {
                std::fs::write(supply.join(file), format!("{text}\n")).unwrap();
            }
        }
        folder
    }

    #[test]
    fn a_battery_that_drains_without_a_charger_is_what_the_computer_runs_on() {
        let draining: (&str, &[(&str, &str)]) = ("BAT0", &[("type", "Battery"), ("status", "Discharging")]);
        let full: (&str, &[(&str, &str)]) = ("BAT0", &[("type", "Battery"), ("status", "Full")]);
        let plugged: (&str, &[(&str, &str)]) = ("AC", &[("type", "Mains"), ("online", "1")]);
        let unplugged: (&str, &[(&str, &str)]) = ("AC", &[("type", "Mains"), ("online", "0")]);
        let mouse: (&str, &[(&str, &str)]) =
            ("mouse", &[("type", "Battery"), ("scope", "Device"), ("status", "Discharging")]);
        for (present, expected) in [
            (vec![draining, unplugged], true),
            (vec![draining], true),
            (vec![draining, plugged], false),
            (vec![full, unplugged], false),
            (vec![mouse], false),
            (vec![], false),
        ] {
            assert_eq!(drains(supplies(&present).path()), expected, "{present:?}");
        }
        assert!(!drains(std::path::Path::new("/nowhere/at/all")));
    }
}
