//! Feeds a fuzz target with its corpus, and with every input that is near to one of it: part of the usual tests, for
//! whoever has no fuzzer.

use std::{fs, path::Path};

/// Runs a target on the files of its folder in `fuzz/corpus`: on each as it is, on some of its beginnings, and with
/// single bytes replaced.
pub(crate) fn corpus(target: &str, run: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut count = 0_usize;
    for entry in fs::read_dir(&folder).expect("the target has a corpus") {
        let input = fs::read(entry.expect("a readable entry").path()).expect("a readable file");
        count += 1;
        run(&input);
        // Another stride for each file, so that all together meet every place.
        let stride = 1 + input.len() / 16 + count % 3;
        for at in (count % stride..input.len()).step_by(stride) {
            run(&input[..at]);
            let mut changed = input.clone();
            for byte in [b'\0', b' ', b'%', b'/', input[at] ^ 0x20, 0xff] {
                changed[at] = byte;
                run(&changed);
            }
        }
    }
    assert!(count > 3, "{} holds no more than {count} files", folder.display());
}
