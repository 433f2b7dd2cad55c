//! One decision, beside what others take for the same task in the same run.

mod managed;
mod rivals;
#[allow(dead_code, reason = "each bench uses its share")]
mod stopwatch;
mod task;

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use rivals::{Aspen, Cedar};
use stopwatch::Table;
use task::{Daypass, Task};

/// The same principals, actions, resources and answers for all three (`task` says what is the same).
fn beside_others(criterion: &mut Criterion) {
    let mut table = Table::new("daypass");
    for task in [
        Task::plain(1),
        Task::plain(10),
        Task::plain(100),
        Task::attributes(1),
        Task::attributes(10),
        Task::attributes(100),
    ] {
        let (daypass, aspen, cedar) =
            (Daypass::new(&task), Aspen::new(&task).expect("all is known"), Cedar::new(&task));
        for allowed in [daypass.decide(), aspen.decide(), cedar.decide()] {
            assert_eq!(allowed, task.allowed, "all agree");
        }
        let mut group = table.group(criterion, &task.title);
        group.measure("daypass", || black_box(&daypass).decide());
        group.measure("cedar-policy", || black_box(&cedar).decide());
        group.measure("scratchstack-aspen", || black_box(&aspen).decide());
    }
    table.print();
}

/// AWS's own policies, which Cedar cannot say: it has no wildcards in the names of actions.
fn of_aws(criterion: &mut Criterion) {
    let mut table = Table::new("daypass");
    for task in managed::tasks() {
        let daypass = Daypass::new(&task);
        assert_eq!(daypass.decide(), task.allowed);
        let mut group = table.group(criterion, &task.title);
        group.measure("daypass", || black_box(&daypass).decide());
        // It does not know all of the operators that AWS uses.
        if let Some(aspen) = Aspen::new(&task) {
            assert_eq!(aspen.decide(), task.allowed);
            group.measure("scratchstack-aspen", || black_box(&aspen).decide());
        }
    }
    table.print();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = beside_others, of_aws
}
criterion_main!(benches);
