//! How often one verification and one decision ask the allocator.

#[allow(dead_code, reason = "each bench uses its share")]
mod subjects;
#[allow(dead_code, reason = "each bench uses its share")]
#[path = "policy/task.rs"]
mod task;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sigv4::http_request::SignatureLocation;
use subjects::{Subject, daypass, daypass_key, owned, scratchstack, scratchstack_key};
use task::{Daypass, Task};

fn main() {
    let (kept, theirs) = (daypass_key(), scratchstack_key());
    for (title, subject, location) in [
        ("header", Subject::header(), SignatureLocation::Headers),
        ("presigned", Subject::presigned(), SignatureLocation::QueryParams),
        ("64 KiB body", Subject::long(), SignatureLocation::Headers),
    ] {
        let request = owned(&subject);
        let theirs = (title != "presigned").then(|| {
            // Its first call compiles its patterns.
            scratchstack(owned(&subject), Some(theirs));
            count(|| scratchstack(request, Some(theirs)))
        });
        println!(
            "{title}: daypass {}, with its key derived {}; scratchstack {}; aws-sigv4 signs again {}",
            count(|| daypass(&subject, Some(&kept))),
            count(|| daypass(&subject, None)),
            theirs.map_or("refuses it".to_owned(), |count| count.to_string()),
            count(|| drop(subject.instructions(location))),
        );
    }
    for task in [Task::plain(10), Task::attributes(10)] {
        let daypass = Daypass::new(&task);
        let attached = daypass.attached();
        println!("{}: daypass {}", task.title, count(|| assert!(daypass.decide_by(&attached))));
    }
}

/// How many allocations and reallocations `run` makes. Nothing else runs.
fn count(run: impl FnOnce()) -> usize {
    let before = CALLS.load(Ordering::Relaxed);
    run();
    CALLS.load(Ordering::Relaxed) - before
}

struct Counting;

static CALLS: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        CALLS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.realloc(old, layout, size) }
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        unsafe { System.dealloc(old, layout) }
    }
}
