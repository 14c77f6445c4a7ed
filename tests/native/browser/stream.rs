//! A shard over bad connections, without a network: what is asked, what is kept, when it ends.

use proptest::prelude::*;
use spectrascape::browser::stream::{Answer, Ask, Download, Next, Patience, Refusal, Tally};
use spectrascape::formats::set::ShardInfo;

const FILE: &[u8] = b"twenty bytes of shard";

fn info() -> ShardInfo {
    ShardInfo::new("shard-000.safetensors", FILE, 4)
}

fn patience() -> Patience {
    Patience { waits: vec![1000, 2000, 4000], stall: 30_000 }
}

fn whole(etag: Option<&'static str>) -> Answer<'static> {
    Answer { status: 200, content_range: None, etag }
}

fn part(content_range: &str) -> Answer<'_> {
    Answer { status: 206, content_range: Some(content_range), etag: None }
}

/// A download of which the first 8 bytes are here.
fn begun(etag: Option<&'static str>) -> Download {
    let mut download = Download::new(&info());
    download.answered(whole(etag)).unwrap();
    download.received(&FILE[..8]).unwrap();
    assert_eq!(download.ended(&patience()), Next::Wait(1000));
    download
}

#[test]
fn a_whole_file_is_asked_for_and_checked() {
    let mut download = Download::new(&info());
    assert_eq!(download.ask(), Ask { from: None, if_range: None, past_cache: false });
    download.answered(whole(Some("\"v1\""))).unwrap();
    download.received(FILE).unwrap();
    assert_eq!(download.ended(&patience()), Next::Check);
    assert_eq!(download.into_bytes(), FILE);
}

#[test]
fn a_lost_connection_goes_on_from_what_came() {
    let mut download = begun(Some("\"v1\""));
    assert_eq!(download.ask(), Ask { from: Some(8), if_range: Some("\"v1\"".into()), past_cache: false });
    download.answered(part("bytes 8-20/21")).unwrap();
    download.received(&FILE[8..]).unwrap();
    assert_eq!(download.ended(&patience()), Next::Check);
    assert_eq!(download.bytes(), FILE);
}

#[test]
fn a_weak_tag_joins_no_halves() {
    assert_eq!(begun(Some("W/\"v1\"")).ask().if_range, None);
    assert_eq!(begun(None).ask().if_range, None);
}

#[test]
fn a_server_that_ignores_ranges_starts_again() {
    let mut download = begun(None);
    download.answered(whole(None)).unwrap();
    assert_eq!(download.bytes(), b"");
    download.received(FILE).unwrap();
    assert_eq!(download.ended(&patience()), Next::Check);
    assert_eq!(download.bytes(), FILE);
}

#[test]
fn another_host_may_hide_the_range() {
    let mut download = begun(None);
    download.answered(Answer { status: 206, content_range: None, etag: None }).unwrap();
    download.received(&FILE[8..]).unwrap();
    assert_eq!(download.bytes(), FILE);
}

#[test]
fn a_part_that_does_not_fit_is_dropped() {
    for range in ["bytes 0-20/21", "bytes 9-20/21", "bytes */21", "bytes x-y/21"] {
        let mut download = begun(None);
        let refusal = download.answered(part(range)).unwrap_err();
        assert_eq!(refusal, Refusal::Busy, "{range}");
        assert_eq!(download.refused(refusal, &patience()), Some(Next::Wait(2000)), "{range}");
        assert_eq!(download.ask().from, None, "{range}");
    }
}

#[test]
fn another_file_is_fetched_once_more_past_the_caches() {
    let other: [fn(&mut Download) -> Refusal; 3] = [
        |download| download.answered(part("bytes 8-29/30")).unwrap_err(),
        |download| download.answered(Answer { status: 416, content_range: None, etag: None }).unwrap_err(),
        |download| download.received(&[0; 14]).unwrap_err(),
    ];
    for (case, act) in other.into_iter().enumerate() {
        let mut download = begun(Some("\"v1\""));
        let refusal = act(&mut download);
        assert_eq!(refusal, Refusal::OtherFile, "case {case}");
        assert_eq!(download.refused(refusal, &patience()), Some(Next::Ask), "case {case}");
        assert_eq!(download.ask(), Ask { from: None, if_range: None, past_cache: true }, "case {case}");
    }
}

#[test]
fn wrong_bytes_twice_are_the_servers() {
    let mut download = Download::new(&info());
    assert_eq!(download.wrong(), Next::Ask);
    assert_eq!(download.wrong(), Next::Damaged);
    download.again();
    assert_eq!(download.wrong(), Next::Ask, "a reader who asks again gets both tries again");
}

#[test]
fn answers_are_told_apart() {
    let answered = |status| Download::new(&info()).answered(Answer { status, content_range: None, etag: None });
    for status in [408, 425, 429, 500, 502, 503, 504] {
        assert_eq!(answered(status), Err(Refusal::Busy), "{status}");
    }
    for status in [401, 403, 404, 410, 304] {
        assert_eq!(answered(status), Err(Refusal::Final { status }), "{status}");
    }
    assert_eq!(Download::new(&info()).refused(Refusal::Final { status: 404 }, &patience()), None);
}

#[test]
fn patience_ends_and_begins_again_with_every_new_byte() {
    let mut download = Download::new(&info());
    for wait in [1000, 2000, 4000] {
        assert_eq!(download.ended(&patience()), Next::Wait(wait));
    }
    download.answered(whole(None)).unwrap();
    download.received(&FILE[..1]).unwrap();
    for wait in [1000, 2000, 4000] {
        assert_eq!(download.ended(&patience()), Next::Wait(wait));
    }
    assert_eq!(download.ended(&patience()), Next::GiveUp);
    download.again();
    assert_eq!(download.ended(&patience()), Next::Wait(1000));
    assert_eq!(download.bytes(), &FILE[..1], "what came is kept");
}

#[test]
fn starting_again_and_again_is_not_getting_on() {
    // A server that ignores ranges and always breaks off at the same byte would be asked for ever.
    let mut download = begun(None);
    for next in [Next::Wait(2000), Next::Wait(4000), Next::GiveUp] {
        download.answered(whole(None)).unwrap();
        download.received(&FILE[..8]).unwrap();
        assert_eq!(download.ended(&patience()), next);
    }
}

#[test]
fn the_default_patience_is_about_forty_seconds() {
    let waits = Patience::default().waits;
    assert_eq!(waits[..4], [1000, 2000, 4000, 8000]);
    assert_eq!(waits.iter().sum::<u32>(), 39_000);
}

#[test]
fn progress_counts_spectra_only_in_whole_shards() {
    let infos = [info(), ShardInfo::new("shard-001.safetensors", &FILE[..10], 2)];
    let mut tally = Tally::new(&infos);
    tally.seen(0, 8);
    let progress = tally.progress();
    assert_eq!((progress.bytes, progress.all_bytes, progress.spectra, progress.all_spectra), (8, 31, 0, 6));
    tally.seen(0, 3);
    assert_eq!(tally.progress().bytes, 8, "a shard that starts again takes nothing back");
    tally.whole(1);
    tally.whole(1);
    assert_eq!((tally.progress().bytes, tally.progress().spectra), (18, 2));
    tally.whole(0);
    assert_eq!((tally.progress().bytes, tally.progress().spectra), (31, 6));
    tally.seen(7, 1);
    assert_eq!(tally.progress().bytes, 31, "there is no such place");
}

/// What a server does with one request.
#[derive(Debug, Clone)]
enum Server {
    /// Honours ranges and breaks off after so many bytes.
    Cuts(usize),
    /// Sends everything from the beginning, and breaks off after so many bytes.
    IgnoresRanges(usize),
    Busy,
    Unreachable,
    /// The right length, one byte wrong.
    Spoils(usize),
}

fn servers() -> impl Strategy<Value = Vec<Server>> {
    let server = prop_oneof![
        (0..30usize).prop_map(Server::Cuts),
        (0..30usize).prop_map(Server::IgnoresRanges),
        Just(Server::Busy),
        Just(Server::Unreachable),
        (0..FILE.len()).prop_map(Server::Spoils),
    ];
    prop::collection::vec(server, 0..40)
}

/// One request and its answer.
fn serve(download: &mut Download, server: &Server) -> Result<(), Refusal> {
    let from = download.ask().from.unwrap_or(0);
    let range = format!("bytes {from}-{}/{}", FILE.len() - 1, FILE.len());
    let answer = if from > 0 { part(&range) } else { whole(None) };
    match server {
        Server::Unreachable => Ok(()),
        Server::Busy => download.answered(Answer { status: 503, content_range: None, etag: None }),
        Server::Cuts(end) => {
            download.answered(answer)?;
            download.received(&FILE[from..FILE.len().min(from + end)])
        }
        Server::IgnoresRanges(end) => {
            download.answered(whole(None))?;
            download.received(&FILE[..FILE.len().min(*end)])
        }
        Server::Spoils(at) => {
            let mut bytes = FILE.to_vec();
            bytes[*at] ^= 1;
            download.answered(answer)?;
            download.received(&bytes[from..])
        }
    }
}

proptest! {
    #[test]
    fn whatever_a_server_does_it_ends_in_the_right_bytes_or_an_error(servers in servers()) {
        let (info, patience) = (info(), patience());
        let mut download = Download::new(&info);
        let mut tally = Tally::new([&info]);
        let (mut next, mut seen) = (Next::Ask, 0);
        // The server recovers in the end; a download that does not end by then would go on for ever.
        for server in servers.iter().chain(std::iter::repeat_n(&Server::Cuts(100), 4)) {
            next = match serve(&mut download, server) {
                Ok(()) => download.ended(&patience),
                Err(refusal) => download.refused(refusal, &patience).unwrap(),
            };
            tally.seen(0, download.bytes().len());
            prop_assert!(tally.progress().bytes >= seen && tally.progress().bytes <= FILE.len() as u64);
            seen = tally.progress().bytes;
            if next == Next::Check && info.verify(download.bytes()).is_err() {
                next = download.wrong();
            }
            match next {
                Next::Check => {
                    prop_assert_eq!(download.bytes(), FILE);
                    return Ok(());
                }
                Next::GiveUp => download.again(),
                Next::Damaged => {
                    prop_assert!(servers.iter().filter(|server| matches!(server, Server::Spoils(_))).count() >= 2);
                    download.again();
                }
                Next::Ask | Next::Wait(_) => {}
            }
        }
        prop_assert!(false, "it never ended: {:?}", next);
    }
}
