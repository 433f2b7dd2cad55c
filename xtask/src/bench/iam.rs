//! What IAM's users cost: a server with many of them beside one with few. Rounds alternate between the two, so that what
//! disturbs one disturbs the other; what is compared is the processor time of each request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use tokio::task::JoinSet;

use super::exchange::Exchange;
use super::subject::{Service, element, keys, request};
use super::{clock, mebibytes, proc_stat, start_daypass};
use crate::server::Server;
use crate::table::{Align, columns};

/// Makes so many users in each of so many accounts, and prints what they take and what operations on them take.
///
/// # Errors
///
/// An answer is not a success, or a user takes more memory than [`MOST_PER_USER`].
pub(super) async fn run(accounts: u64, users: u64) -> Result<()> {
    let few = Population::start(accounts.min(FEW_ACCOUNTS), FEW_USERS)?;
    few.send(Operation::CreateUser, 0, few.all()).await?;
    let many = Population::start(accounts, users)?;
    let each = grow(&many).await?;
    print!("{}", compare(&few, &many).await?);
    ensure!(each <= MOST_PER_USER, "a user takes more than {MOST_PER_USER} bytes");
    Ok(())
}

/// Makes all users, and answers how many bytes of memory each takes. The first ones do not count: buffers, threads and
/// caches become what they are with them.
async fn grow(many: &Arc<Population>) -> Result<u64> {
    let start = clock::instant();
    let first = many.all() / 20;
    many.send(Operation::CreateUser, 0, first).await?;
    let before = proc_stat::resident(many.pid())?;
    let mut made = first;
    let mut resident = before;
    for tenth in 1..=10 {
        let until = many.all() * tenth / 10;
        many.send(Operation::CreateUser, made, until).await?;
        made = until;
        resident = proc_stat::resident(many.pid())?;
        let seconds = start.elapsed().as_secs();
        println!("{made:>9} users, {:.1} MiB resident, {seconds} s", mebibytes(resident));
    }
    let each = resident.saturating_sub(before) / (made - first);
    println!("{each} bytes of memory for each user");
    Ok(each)
}

/// The table: each operation with its processor time where there are few users, where there are many, and their ratio.
async fn compare(few: &Arc<Population>, many: &Arc<Population>) -> Result<String> {
    let markers = [few.markers().await?, many.markers().await?];
    let mut costs = Operation::ALL.map(|operation| (operation, [Cost::default(); 2]));
    for _ in 0..ROUNDS {
        for (operation, costs) in &mut costs {
            for ((population, markers), cost) in [few, many].into_iter().zip(&markers).zip(costs) {
                cost.add(population.round(*operation, markers).await?);
            }
        }
    }
    let head = ["operation", "CPU µs, few users", "CPU µs, many users", "many ÷ few"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (operation, [few, many]) in costs {
        let (few, many) = (few.micros(), many.micros());
        let numbers = [few, many, many / few].map(|number| format!("{number:.2}"));
        rows.push([operation.name().to_owned()].into_iter().chain(numbers).collect());
    }
    Ok(columns(&rows, Align::Right))
}

/// An operation that is measured. They come in an order in which each finds what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    GetCallerIdentity,
    GetUser,
    ListUsers,
    ListUsersFromMarker,
    DeleteUser,
    CreateUser,
}

impl Operation {
    const ALL: [Self; 6] = [
        Self::GetCallerIdentity,
        Self::GetUser,
        Self::ListUsers,
        Self::ListUsersFromMarker,
        Self::DeleteUser,
        Self::CreateUser,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::ListUsers => "ListUsers, 100 from the first",
            Self::ListUsersFromMarker => "ListUsers, 100 from a marker",
            _ => self.action(),
        }
    }

    /// Lists take longer.
    fn requests_in_a_round(self) -> u64 {
        match self {
            Self::ListUsers | Self::ListUsersFromMarker => 1000,
            _ => 5000,
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::GetUser => "GetUser",
            Self::ListUsers | Self::ListUsersFromMarker => "ListUsers",
            Self::DeleteUser => "DeleteUser",
            Self::CreateUser => "CreateUser",
        }
    }
}

/// Requests, and the processor time of the server for all of them.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    requests: u64,
    time: Duration,
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.time += other.time;
    }

    #[expect(clippy::cast_precision_loss, reason = "no run comes near 2^52 requests")]
    fn micros(self) -> f64 {
        self.time.as_secs_f64() * 1e6 / self.requests as f64
    }
}

/// A server and its users: as many in each of its accounts. They are numbered through all accounts by turns, so that
/// requests with numbers one after the other are of different accounts.
#[derive(Debug)]
struct Population {
    server: Server,
    accounts: u64,
    users: u64,
}

impl Population {
    fn start(accounts: u64, users: u64) -> Result<Arc<Self>> {
        Ok(Arc::new(Self { server: start_daypass()?, accounts, users }))
    }

    fn pid(&self) -> u32 {
        self.server.pid()
    }

    fn all(&self) -> u64 {
        self.accounts * self.users
    }

    /// For each account the marker of the page in the middle of its users, or behind the longest page.
    async fn markers(&self) -> Result<Arc<[String]>> {
        let mut exchange = Exchange::connect(self.server.address()).await?;
        let page = (self.users / 2).min(1000).to_string();
        let mut markers = Vec::new();
        for number in 0..self.accounts {
            let request = self.request(number, "ListUsers", &[("MaxItems", &page)])?;
            let answer = String::from_utf8_lossy(exchange.send(&request).await?).into_owned();
            markers.push(element(&answer, "Marker").context("a page without a marker")?.to_owned());
        }
        Ok(markers.into())
    }

    /// So many requests for an operation, and what they cost the server.
    async fn round(
        self: &Arc<Self>,
        operation: Operation,
        markers: &Arc<[String]>,
    ) -> Result<Cost> {
        let requests = operation.requests_in_a_round().min(self.all());
        let before = proc_stat::cpu_time(self.pid())?;
        self.send_with(operation, markers, 0, requests).await?;
        let time = proc_stat::cpu_time(self.pid())?.saturating_sub(before);
        Ok(Cost { requests, time })
    }

    async fn send(self: &Arc<Self>, operation: Operation, from: u64, until: u64) -> Result<()> {
        self.send_with(operation, &Arc::from([]), from, until).await
    }

    /// Sends requests for an operation with these numbers, on all connections together.
    async fn send_with(
        self: &Arc<Self>,
        operation: Operation,
        markers: &Arc<[String]>,
        from: u64,
        until: u64,
    ) -> Result<()> {
        let next = Arc::new(AtomicU64::new(from));
        let mut tasks = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let mut client = Exchange::connect(self.server.address()).await?;
            let (population, markers, next) =
                (Arc::clone(self), Arc::clone(markers), Arc::clone(&next));
            tasks.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= until {
                        return anyhow::Ok(());
                    }
                    let request = population.request_for(operation, &markers, number)?;
                    client.send(&request).await?;
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok(())
    }

    fn request_for(&self, operation: Operation, markers: &[String], number: u64) -> Result<Bytes> {
        let name = format!("user-{:07}", number / self.accounts);
        let marker =
            usize::try_from(number % self.accounts).ok().and_then(|account| markers.get(account));
        let (user, page) = (("UserName", &*name), ("MaxItems", "100"));
        let parameters = match operation {
            Operation::GetCallerIdentity => &[][..],
            Operation::GetUser | Operation::CreateUser | Operation::DeleteUser => &[user],
            Operation::ListUsers => &[page],
            Operation::ListUsersFromMarker => {
                &[page, ("Marker", marker.context("an account without a marker")?)]
            }
        };
        self.request(number, operation.action(), parameters)
    }

    /// A request by the root user of the account in which the user of this number is.
    fn request(&self, number: u64, action: &str, parameters: &[(&str, &str)]) -> Result<Bytes> {
        let root = keys(&format!("{:012}", number % self.accounts + 1), "test");
        let service = if action == "GetCallerIdentity" { Service::Sts } else { Service::Iam };
        request(self.server.address(), Some(&root), service, action, parameters)
    }
}

const CONNECTIONS: usize = 64;
const FEW_ACCOUNTS: u64 = 10;
const FEW_USERS: u64 = 200;
const ROUNDS: u32 = 8;
/// More than the server may take for a user without anything but a name.
const MOST_PER_USER: u64 = 1024;
