//! Many clients at once on the same entities. Each call of a race has a connection of its own, on a runtime with several
//! threads, so that calls are in the pipeline at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_iam::Client;
use aws_sdk_iam::types::{EntityType, Tag};
use daypass_tests::{Refused, World, allow, policy, trust};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const CLIENTS: usize = 32;
const PASSWORD: &str = "correct-Horse-7";

/// Has so many clients call at once; how often each code was answered. The code of a success is empty.
async fn race<T, E, F>(clients: usize, call: impl Fn(usize) -> F) -> BTreeMap<String, usize>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    Result<T, E>: Refused,
    T: Send + 'static,
    E: Send + 'static,
{
    let start = Arc::new(Barrier::new(clients));
    let mut racers = JoinSet::new();
    for client in 0..clients {
        let (call, start) = (call(client), Arc::clone(&start));
        racers.spawn(async move {
            start.wait().await;
            let answer = call.await;
            if answer.is_ok() { String::new() } else { answer.refused().code }
        });
    }
    let mut codes = BTreeMap::new();
    for code in racers.join_all().await {
        *codes.entry(code).or_default() += 1;
    }
    codes
}

fn codes<const N: usize>(codes: [(&str, usize); N]) -> BTreeMap<String, usize> {
    codes.map(|(code, count)| (code.to_owned(), count)).into()
}

async fn started() -> (World, Client) {
    let world = World::start().await;
    let iam = world.iam(&world.root());
    (world, iam)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_those_who_make_the_same_one_does() {
    let (_world, iam) = started().await;
    let name = |client: usize| if client.is_multiple_of(2) { "alice" } else { "Alice" };
    let won = codes([("", 1), ("EntityAlreadyExists", CLIENTS - 1)]);
    let create = |client| iam.create_user().user_name(name(client)).send();
    assert_eq!(race(CLIENTS, create).await, won);
    assert_eq!(iam.list_users().send().await.unwrap().users().len(), 1);
    let create = |client| iam.create_group().group_name(name(client)).send();
    assert_eq!(race(CLIENTS, create).await, won);
    let create = |client| {
        let call = iam.create_policy().policy_name(name(client));
        call.policy_document(policy(allow("s3:*", "*"))).send()
    };
    assert_eq!(race(CLIENTS, create).await, won);

    let create = |_| iam.create_login_profile().user_name("alice").password(PASSWORD).send();
    assert_eq!(race(4, create).await, codes([("", 1), ("EntityAlreadyExists", 3)]));
    let delete = |_| iam.delete_login_profile().user_name("alice").send();
    assert_eq!(race(CLIENTS, delete).await, codes([("", 1), ("NoSuchEntity", CLIENTS - 1)]));

    let create = |_| iam.create_access_key().user_name("alice").send();
    assert_eq!(race(CLIENTS, create).await, codes([("", 2), ("LimitExceeded", CLIENTS - 2)]));
    let delete = |client| iam.delete_group().group_name(name(client)).send();
    assert_eq!(race(CLIENTS, delete).await, codes([("", 1), ("NoSuchEntity", CLIENTS - 1)]));
}

/// Aliases are unique among all accounts, whose writes otherwise have nothing to do with each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_the_accounts_that_take_an_alias_one_gets_it() {
    let world = World::start().await;
    let accounts: Vec<_> = (0..CLIENTS).map(|client| format!("{client:012}")).collect();
    let clients: Vec<_> = accounts
        .iter()
        .map(|account| {
            world.iam(&aws_credential_types::Credentials::from_keys(account, "test", None))
        })
        .collect();
    let take = |client: usize| clients[client].create_account_alias().account_alias("corp").send();
    let won = codes([("", 1), ("EntityAlreadyExists", CLIENTS - 1)]);
    assert_eq!(race(CLIENTS, take).await, won);
    let mut holders = 0;
    for client in &clients {
        holders += client.list_account_aliases().send().await.unwrap().account_aliases().len();
    }
    assert_eq!(holders, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_each_adds_is_there_at_the_end() {
    let (world, iam) = started().await;
    world.role("deploy", trust("*")).await;
    iam.create_group().group_name("staff").send().await.unwrap();
    let all = codes([("", CLIENTS)]);

    let user = |client: usize| format!("user-{client:02}");
    let create = |client| iam.create_user().user_name(user(client)).send();
    assert_eq!(race(CLIENTS, create).await, all);
    let add = |client| iam.add_user_to_group().group_name("staff").user_name(user(client)).send();
    assert_eq!(race(CLIENTS, add).await, all);
    let members = iam.get_group().group_name("staff").send().await.unwrap();
    assert_eq!(members.users().len(), CLIENTS);

    let tag = |client: usize| {
        let tag = Tag::builder().key(format!("k{client}")).value("v").build().unwrap();
        iam.tag_role().role_name("deploy").tags(tag).send()
    };
    assert_eq!(race(CLIENTS, tag).await, all);
    let put = |client: usize| {
        let call = iam.put_role_policy().role_name("deploy").policy_name(format!("p{client}"));
        call.policy_document(policy(allow("s3:*", "*"))).send()
    };
    assert_eq!(race(CLIENTS, put).await, all);
    let tags = iam.list_role_tags().role_name("deploy").send().await.unwrap();
    assert_eq!(tags.tags().len(), CLIENTS);
    let policies = iam.list_role_policies().role_name("deploy").send().await.unwrap();
    assert_eq!(policies.policy_names().len(), CLIENTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_quota_holds_whoever_comes_at_the_same_time() {
    let (world, iam) = started().await;
    world.role("deploy", trust("*")).await;
    let policies = iam.list_policies().path_prefix("/job-function/").send().await.unwrap();
    let job = policies.policies().first().and_then(|policy| policy.arn()).unwrap();
    let mut arns = vec![job.to_owned()];
    for number in 1..CLIENTS {
        let call = iam.create_policy().policy_name(format!("p{number}"));
        let made = call.policy_document(policy(allow("s3:*", "*"))).send().await.unwrap();
        arns.push(made.policy.and_then(|policy| policy.arn).unwrap());
    }
    let attach = |client: usize| {
        iam.attach_role_policy().role_name("deploy").policy_arn(&arns[client]).send()
    };
    assert_eq!(race(CLIENTS, attach).await, codes([("", 20), ("LimitExceeded", CLIENTS - 20)]));
    let attached = iam.list_attached_role_policies().role_name("deploy").send().await.unwrap();
    assert_eq!(attached.attached_policies().len(), 20);

    let version = |_| {
        let call = iam.create_policy_version().policy_arn(&arns[1]).set_as_default(true);
        call.policy_document(policy(allow("s3:*", "*"))).send()
    };
    assert_eq!(race(CLIENTS, version).await, codes([("", 4), ("LimitExceeded", CLIENTS - 4)]));
    let versions = iam.list_policy_versions().policy_arn(&arns[1]).send().await.unwrap();
    let ids: BTreeSet<_> = versions.versions().iter().map(|it| it.version_id().unwrap()).collect();
    assert_eq!(ids, ["v1", "v2", "v3", "v4", "v5"].into());
    let defaults = versions.versions().iter().filter(|it| it.is_default_version());
    assert_eq!(defaults.count(), 1);
}

/// Somebody is renamed again and again, whole: with another name goes another path. The user is seen in one place, with
/// all that the user has.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_see_states_that_were() {
    let (world, iam) = started().await;
    world.user("a").await;
    iam.update_user().user_name("a").new_path("/a/").send().await.unwrap();
    iam.create_group().group_name("staff").send().await.unwrap();
    iam.add_user_to_group().group_name("staff").user_name("a").send().await.unwrap();

    let over = Arc::new(AtomicBool::new(false));
    let mut readers = JoinSet::new();
    for _ in 0..8 {
        let (iam, over) = (iam.clone(), Arc::clone(&over));
        readers.spawn(async move {
            let mut seen = BTreeSet::new();
            while !over.load(Ordering::Relaxed) {
                let members = iam.get_group().group_name("staff").send().await.unwrap();
                let [member] = members.users() else { panic!("{members:?}") };
                assert_eq!(member.path(), format!("/{}/", member.user_name()));
                seen.insert(member.user_name().to_owned());
                let call = iam.get_account_authorization_details().filter(EntityType::User);
                let details = call.send().await.unwrap();
                let [user] = details.user_detail_list() else { panic!("{details:?}") };
                let name = user.user_name().unwrap();
                assert_eq!(user.path().unwrap(), format!("/{name}/"));
                assert_eq!(user.group_list(), ["staff"]);
            }
            seen
        });
    }
    for round in 0..200 {
        let (old, new) = if round % 2 == 0 { ("a", "b") } else { ("b", "a") };
        let rename = iam.update_user().user_name(old).new_user_name(new);
        rename.new_path(format!("/{new}/")).send().await.unwrap();
    }
    over.store(true, Ordering::Relaxed);
    let seen: BTreeSet<_> = readers.join_all().await.into_iter().flatten().collect();
    assert_eq!(seen, ["a".to_owned(), "b".to_owned()].into(), "the readers met both");
}

/// To hash a password takes much longer than other writes of the account, which do not wait for it: without what the
/// call keeps, one of them always comes first.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_long_write_goes_through_while_others_write() {
    let (_world, iam) = started().await;
    iam.create_user().user_name("alice").send().await.unwrap();
    let over = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        let (iam, over) = (iam.clone(), Arc::clone(&over));
        let name = format!("busy-{writer}");
        writers.spawn(async move {
            while !over.load(Ordering::Relaxed) {
                iam.create_user().user_name(&name).send().await.unwrap();
                iam.delete_user().user_name(&name).send().await.unwrap();
            }
        });
    }
    let profile = iam.create_login_profile().user_name("alice").password(PASSWORD).send().await;
    let update = iam.update_login_profile().user_name("alice").password("another-Horse-8");
    let updated = update.send().await;
    over.store(true, Ordering::Relaxed);
    writers.join_all().await;
    profile.unwrap();
    updated.unwrap();
}
