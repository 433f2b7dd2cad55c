//! One decision, beside what others take for the same task in the same run; and how the time grows with what an
//! author or a caller can make long.

mod growth;
mod managed;
mod rivals;
mod stopwatch;
mod task;

use std::hint::black_box;

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
        let (daypass, aspen, cedar) = (Daypass::new(&task), Aspen::new(&task), Cedar::new(&task));
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
        let (daypass, aspen) = (Daypass::new(&task), Aspen::new(&task));
        assert_eq!(daypass.decide(), task.allowed);
        assert_eq!(aspen.decide(), task.allowed);
        let mut group = table.group(criterion, &task.title);
        group.measure("daypass", || black_box(&daypass).decide());
        group.measure("scratchstack-aspen", || black_box(&aspen).decide());
    }
    table.print();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50);
    targets = beside_others, of_aws, growth::all
}
criterion_main!(benches);
