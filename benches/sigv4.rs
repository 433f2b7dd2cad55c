//! One verification, beside what others take for the same request in the same run.

mod subjects;

use std::hint::black_box;

use aws_sigv4::http_request::SignatureLocation;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit};
use subjects::{
    Subject, daypass, daypass_key, floor, owned, scratchstack, scratchstack_key, texts,
};

fn verify(criterion: &mut Criterion) {
    let kept = daypass_key();
    let (theirs, location) = (scratchstack_key(), SignatureLocation::Headers);
    let hmac = Hmac::new_from_slice(&[7; 32]).expect("a key");
    for (title, subject, location) in [
        ("header", Subject::header(), location),
        ("presigned", Subject::presigned(), SignatureLocation::QueryParams),
        ("64 KiB body", Subject::long(), location),
    ] {
        let mut group = criterion.benchmark_group(title);
        group.bench_function("bare hashes and HMAC", |bencher| {
            let (canonical, to_sign) = texts(&subject);
            bencher.iter(|| floor(black_box(&subject.body), &canonical, &to_sign, &hmac));
        });
        group.bench_function("daypass, key kept", |bencher| {
            bencher.iter(|| daypass(black_box(&subject), Some(&kept)));
        });
        group.bench_function("daypass, key derived", |bencher| {
            bencher.iter(|| daypass(black_box(&subject), None));
        });
        // It does not decode the credential of a presigned request, so it would refuse that one. The requests it takes
        // are cloned outside of the measurement.
        if title != "presigned" {
            group.bench_function("scratchstack, key kept", |bencher| {
                let request = || owned(&subject);
                bencher.iter_batched(
                    request,
                    |request| scratchstack(request, Some(theirs)),
                    BatchSize::SmallInput,
                );
            });
            group.bench_function("scratchstack, key derived", |bencher| {
                let request = || owned(&subject);
                bencher.iter_batched(
                    request,
                    |request| scratchstack(request, None),
                    BatchSize::SmallInput,
                );
            });
        }
        group.bench_function("aws-sigv4 signs again", |bencher| {
            bencher.iter(|| black_box(&subject).instructions(location));
        });
        group.finish();
    }
}

criterion_group!(benches, verify);
criterion_main!(benches);
