//! Who writes.

/// How many people write in the rooms.
pub const PEOPLE: usize = 300;
/// The person whose vault it is, among them.
pub const OWN: usize = 0;

const FIRST: &str = "Ada Marta Jonas Élise Søren Wojciech Lucía Mehmet Анна Οδυσσέας Ines Paul Chloé Björn Zofia Diego \
                     Ayşe Дмитро Ελένη 明 Noor Hugo Franziska Aoife Łukasz Carmen Emre Ольга Yael 健 Layla Tomáš Ingrid \
                     Mateo Jürgen Amélie Kasper Agnieszka Selin Иван";
const LAST: &str = "Lindqvist Kowalska Müller Dubois García Novák Yılmaz Иванова Παπαδόπουλος O'Connor Schröder Lefèvre \
                    Fernández Nielsen Wiśniewski Öztürk Коваленко Smith Brown Jørgensen";

/// A person of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The Matrix user id.
    pub id: String,
    /// The name that is shown.
    pub name: String,
}

/// The person of this number; 0 is [`OWN`].
#[must_use]
pub fn person(number: usize) -> Person {
    Person { id: format!("@person{number}:bench.example"), name: format!("{} {}", first(number), last(number)) }
}

/// The name that colleagues call them by.
pub(crate) fn first(number: usize) -> &'static str {
    FIRST.split_whitespace().nth(number % 40).unwrap_or_default()
}

fn last(number: usize) -> &'static str {
    LAST.split_whitespace().nth(number / 15 % 20).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everybody_has_a_name_of_their_own() {
        let names: BTreeSet<String> = (0..PEOPLE).map(|number| person(number).name).collect();
        assert_eq!(names.len(), PEOPLE);
    }
}
