#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use super::*;

const PNG: &str = "media://localhost/account/0a1b";

fn request(method: &str, address: &str, range: Option<&str>) -> Request<()> {
    let mut request = Request::builder().method(method).uri(address);
    if let Some(range) = range {
        request = request.header("Range", range);
    }
    request.body(()).unwrap()
}

fn media(mime: &'static str) -> Media {
    Media { bytes: b"0123456789".to_vec().into(), mime }
}

fn said(response: &Response<Cow<'static, [u8]>>, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[test]
fn only_two_plain_names_are_a_path() {
    assert_eq!(asked(&request("GET", PNG, None)), Some(("account".into(), "0a1b".into())));
    assert!(asked(&request("GET", "http://media.localhost/account/0a1b", None)).is_some());
    let long = "a".repeat(LONGEST + 1);
    for path in [
        "",
        "/",
        "/account",
        "/account/",
        "//0a1b",
        "/account/0a1b/",
        "/account/0a1b/more",
        "/account/../secret",
        "/account/..",
        "/account/..%2f..%2fsecret",
        "/account/%2e%2e",
        "/account/0a1b?x=1",
        "/account/0a1b?",
        "/account/a.b",
        "/account/a_b",
        "/account/a%00b",
        "/account/a\\b",
        "/acc:ount/0a1b",
        &format!("/account/{long}"),
        &format!("/{long}/0a1b"),
    ] {
        let Ok(uri) = format!("media://localhost{path}").parse::<tauri::http::Uri>() else { continue };
        let request = Request::builder().uri(uri).body(()).unwrap();
        assert_eq!(asked(&request), None, "{path}");
    }
}

#[test]
fn only_reading_is_allowed() {
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let refusal = refused_method(&request(method, PNG, None)).unwrap();
        assert_eq!(refusal.status(), 405);
        assert_eq!(said(&refusal, "allow"), "GET, HEAD");
    }
    assert!(refused_method(&request("GET", PNG, None)).is_none());
    assert!(refused_method(&request("HEAD", PNG, None)).is_none());
}

#[test]
fn every_answer_is_guarded() {
    let answers = [
        missing(),
        refused_method(&request("POST", PNG, None)).unwrap(),
        answer(&request("GET", PNG, None), &media("image/png")),
        answer(&request("GET", PNG, Some("bytes=2-3")), &media("image/png")),
        answer(&request("GET", PNG, Some("bytes=99-")), &media("image/png")),
        answer(&request("GET", PNG, None), &media("application/octet-stream")),
    ];
    for response in answers {
        assert_eq!(said(&response, "x-content-type-options"), "nosniff");
        assert_eq!(said(&response, "content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(said(&response, "access-control-allow-origin"), "", "scripts may not read it");
    }
}

#[test]
fn only_pictures_films_and_sounds_are_shown() {
    for mime in SHOWN {
        let response = answer(&request("GET", PNG, None), &media(mime));
        assert_eq!(
            (said(&response, "content-type"), said(&response, "content-disposition")),
            (mime.into(), "inline".into())
        );
    }
    for mime in [
        "image/svg+xml",
        "text/html",
        "application/xml",
        "application/pdf",
        "application/octet-stream",
        "application/vnd.apple.mpegurl",
        "video/x-matroska",
        "",
    ] {
        let response = answer(&request("GET", PNG, None), &media(mime));
        assert_eq!(said(&response, "content-type"), "application/octet-stream", "{mime}");
        assert_eq!(said(&response, "content-disposition"), "attachment", "{mime}");
    }
}

#[test]
fn a_head_request_has_the_headers_and_no_body() {
    let response = answer(&request("HEAD", PNG, None), &media("image/png"));
    assert_eq!(response.status(), 200);
    assert_eq!(said(&response, "content-length"), "10");
    assert!(response.body().is_empty());
}

#[test]
fn a_part_is_answered_as_rfc_9110_asks() {
    // (asked, status, content-range, body)
    let table = [
        (None, 200, "", "0123456789"),
        (Some("bytes=0-3"), 206, "bytes 0-3/10", "0123"),
        (Some("bytes=9-9"), 206, "bytes 9-9/10", "9"),
        (Some("bytes=4-"), 206, "bytes 4-9/10", "456789"),
        (Some("bytes=4-999"), 206, "bytes 4-9/10", "456789"),
        (Some("bytes=-2"), 206, "bytes 8-9/10", "89"),
        (Some("bytes=-99"), 206, "bytes 0-9/10", "0123456789"),
        (Some("bytes=0-99999999999999999999999"), 206, "bytes 0-9/10", "0123456789"),
        (Some("Bytes = 1 - 2"), 206, "bytes 1-2/10", "12"),
        (Some("bytes=10-"), 416, "bytes */10", ""),
        (Some("bytes=-0"), 416, "bytes */10", ""),
        (Some("bytes=99999999999999999999999-"), 416, "bytes */10", ""),
        (Some("bytes=5-2"), 200, "", "0123456789"),
        (Some("bytes=-"), 200, "", "0123456789"),
        (Some("bytes=0-1,4-5"), 200, "", "0123456789"),
        (Some("bytes=a-b"), 200, "", "0123456789"),
        (Some("bytes=+1-2"), 200, "", "0123456789"),
        (Some("lines=0-1"), 200, "", "0123456789"),
        (Some("bytes"), 200, "", "0123456789"),
    ];
    for (range, status, content_range, body) in table {
        let response = answer(&request("GET", PNG, range), &media("image/png"));
        assert_eq!(response.status(), status, "{range:?}");
        assert_eq!(said(&response, "content-range"), content_range, "{range:?}");
        assert_eq!(std::str::from_utf8(response.body()).unwrap(), body, "{range:?}");
        if status != 416 {
            assert_eq!(said(&response, "content-length"), body.len().to_string(), "{range:?}");
        }
    }
}

#[test]
fn an_empty_file_has_no_part() {
    let nothing = Media { bytes: Vec::new().into(), mime: "application/octet-stream" };
    assert_eq!(answer(&request("GET", PNG, Some("bytes=0-")), &nothing).status(), 416);
    assert_eq!(answer(&request("GET", PNG, Some("bytes=-1")), &nothing).status(), 416);
    assert_eq!(answer(&request("GET", PNG, None), &nothing).status(), 200);
}
