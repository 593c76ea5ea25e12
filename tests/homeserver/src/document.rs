//! Small, true files to send: a one-page PDF, a spreadsheet, a sound.
//!
//! Refused: a PDF and a zip library. A page of text and four stored entries need neither.

/// A file to send.
pub(crate) struct Document {
    /// Its name, with extension.
    pub(crate) name: String,
    /// Its media type.
    pub(crate) mime: &'static str,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// A PDF of one A4 page: a title, and lines of text (Latin letters only; ISO 32000-1).
pub(crate) fn pdf(name: &str, title: &str, lines: &[&str]) -> Document {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    let mut page =
        format!("0.04 0.38 0.44 rg 0 800 595 42 re f\n1 g BT /F 20 Tf 48 812 Td ({}) Tj ET\n0 g\n", escaped(title));
    for (number, line) in lines.iter().enumerate() {
        page.push_str(&format!("BT /F 12 Tf 48 {} Td ({}) Tj ET\n", 760 - 22 * number, escaped(line)));
    }
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}endstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = String::new();
    for (number, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", number + 1));
    }
    let start = file.len();
    let count = objects.len() + 1;
    file.push_str(&format!(
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    Document { name: name.to_owned(), mime: "application/pdf", bytes: file.into_bytes() }
}

/// A sound of so many seconds, 8,000 samples a second (RIFF WAVE, PCM of 16 bits). `wave` gives the loudness, at most
/// one either way, for a moment in seconds.
pub(crate) fn wav(name: &str, seconds: u32, wave: impl Fn(f64) -> f64) -> Document {
    const RATE: u32 = 8_000;
    let samples = RATE * seconds;
    let mut bytes = Vec::new();
    bytes.extend(b"RIFF");
    bytes.extend((36 + samples * 2).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend([1, 0, 1, 0]);
    bytes.extend(RATE.to_le_bytes());
    bytes.extend((RATE * 2).to_le_bytes());
    bytes.extend([2, 0, 16, 0]);
    bytes.extend(b"data");
    bytes.extend((samples * 2).to_le_bytes());
    for sample in 0..samples {
        let loud = wave(f64::from(sample) / f64::from(RATE)).clamp(-1.0, 1.0) * f64::from(i16::MAX);
        #[expect(clippy::cast_possible_truncation, reason = "clamped to what fits")]
        bytes.extend((loud as i16).to_le_bytes());
    }
    Document { name: name.to_owned(), mime: "audio/wav", bytes }
}

/// A spreadsheet of one sheet (ECMA-376), numbers where a cell is one.
pub(crate) fn xlsx(name: &str, rows: &[&[&str]]) -> Document {
    let mut cells = String::new();
    for row in rows {
        cells.push_str("<row>");
        for cell in *row {
            if cell.parse::<f64>().is_ok() {
                cells.push_str(&format!("<c><v>{cell}</v></c>"));
            } else {
                let text = cell.replace('&', "&amp;").replace('<', "&lt;");
                cells.push_str(&format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"));
            }
        }
        cells.push_str("</row>");
    }
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let sheets = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let bytes = zip(&[
        (
            "[Content_Types].xml",
            format!(
                "{head}<Types xmlns=\"{package}/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/>\
                 <Override PartName=\"/sheet.xml\" ContentType=\"{kind}.worksheet+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{head}<Relationships xmlns=\"{package}/relationships\">\
                 <Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "workbook.xml",
            format!(
                "{head}<workbook xmlns=\"{sheets}\" xmlns:r=\"{office}\">\
                 <sheets><sheet name=\"Figures\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "_rels/workbook.xml.rels",
            format!(
                "{head}<Relationships xmlns=\"{package}/relationships\">\
                 <Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"sheet.xml\"/></Relationships>"
            ),
        ),
        ("sheet.xml", format!("{head}<worksheet xmlns=\"{sheets}\"><sheetData>{cells}</sheetData></worksheet>")),
    ]);
    let mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Document { name: name.to_owned(), mime, bytes }
}

/// A zip file whose entries are stored (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16).
fn zip(entries: &[(&str, String)]) -> Vec<u8> {
    let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
    let long = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in entries {
        let start = file.len();
        // Version 2.0, no flags, stored, 1 January 1980.
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc32fast::hash(text.as_bytes()).to_le_bytes());
        common.extend(long(text.len()));
        common.extend(long(text.len()));
        common.extend(short(name.len()));
        common.extend(short(0));
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(name.as_bytes());
        file.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02");
        directory.extend(short(20));
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(long(start));
        directory.extend(name.as_bytes());
    }
    let start = file.len();
    let size = directory.len();
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(short(entries.len()));
    file.extend(short(entries.len()));
    file.extend(long(size));
    file.extend(long(start));
    file.extend(short(0));
    file
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_table_of_a_pdf_points_at_its_objects() {
        let file = String::from_utf8(pdf("Plan.pdf", "Plan (A)", &["One", "Two"]).bytes).unwrap();
        let (_, table) = file.split_once("65535 f \n").unwrap();
        let places: Vec<usize> =
            table.lines().take(5).map(|line| line.split(' ').next().unwrap().parse().unwrap()).collect();
        for (number, place) in places.into_iter().enumerate() {
            assert!(file.get(place..).unwrap().starts_with(&format!("{} 0 obj", number + 1)));
        }
    }

    #[test]
    fn a_spreadsheet_is_read_by_another_program() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Figures.xlsx");
        std::fs::write(&path, xlsx("Figures.xlsx", &[&["Berth", "Calls"], &["3", "41"]]).bytes).unwrap();
        let python = crate::Venv::shared(|_| {}).unwrap().python();
        let script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(z.read('sheet.xml').decode())";
        let done = std::process::Command::new(python).args(["-c", script]).arg(&path).output().unwrap();
        assert!(String::from_utf8(done.stdout).unwrap().contains("<c><v>41</v></c>"));
    }
}
