use std::path::Path;
use tidings_vault::{Query, Search, Vault, VaultKey};
fn cpu() -> f64 {
    let mut t = std::mem::MaybeUninit::<libc::timespec>::uninit();
    unsafe {
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, t.as_mut_ptr());
        let t = t.assume_init();
        t.tv_sec as f64 * 1e3 + t.tv_nsec as f64 / 1e6
    }
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let q: serde_json::Value = serde_json::from_str(&std::fs::read_to_string("/tmp/q.json").unwrap()).unwrap();
    for class in args[2..].iter() {
        let vault = Vault::open(Path::new(&args[1]), &VaultKey::new([7; 32])).unwrap();
        vault.warm_search().unwrap();
        let mut times = vec![];
        for query in q[class].as_array().unwrap() {
            let query = query.as_str().unwrap();
            let a = cpu();
            let found = vault.search(&Search::of(&Query::parse(query), 20)).unwrap();
            times.push((cpu() - a, query.to_owned(), found.hits.len()));
        }
        vault.close().unwrap();
        times.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap());
        println!(
            "{class}: p95 {:.1} p50 {:.1} max {:.1}",
            times[times.len() / 20].0,
            times[times.len() / 2].0,
            times[0].0
        );
        if std::env::var("V").is_ok() {
            for t in &times[..24] {
                println!("  {:.1} {} {}", t.0, t.1, t.2);
            }
        }
    }
}
