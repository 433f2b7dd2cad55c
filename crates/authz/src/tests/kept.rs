//! What is kept of a decision.

use std::sync::{Arc, Weak};

use daypass_ident::{AccountId, IdKind, SystemIds, UniqueId};
use daypass_model::sts::GetCallerIdentityInput;
use daypass_state::record::ControlPolicyType::ServiceControl;
use daypass_state::record::{HeldPolicies, UserRecord};
use daypass_state::{Tx, User, View};

use super::operations::CreatesUser;
use super::organization::{At, organization};
use super::world::*;
use crate::{Audience, Called, Decided, authorise};

#[tokio::test]
async fn nothing_is_kept_of_others() {
    let deny = deny("iam:CreateUser");
    let world = World::organized(organization(&[(At::Root, ServiceControl, deny)], &[])).await;
    for other in [account(), sibling(), stranger()] {
        let bystander = Bystander::put(&world, other).await;
        let view = Arc::downgrade(&world.env.state.view());
        let kept = denied(&world).keep();
        bystander.delete(&world).await;
        assert!(bystander.is_gone() && view.upgrade().is_none(), "{other}");
        let explained = kept.explain(Audience::Everyone).to_string();
        assert!(explained.contains("service control policy \"policy-0\""), "{explained}");
    }
}

#[tokio::test]
async fn what_is_kept_outlives_its_state_and_is_counted() {
    let world = World::new(Alice { inline: Some(deny("iam:*")), ..Alice::default() }).await;
    let small = denied(&world).keep();
    let explained = small.explain(Audience::Everyone);
    assert!(explained.to_string().contains("Decided by"), "{explained}");

    let mut tx = begin(&world, account());
    let alice = tx.account().user("alice").unwrap().record.clone();
    let mut policies = alice.policies.clone();
    policies.inline.insert("large".to_owned(), large());
    tx.put_user(&UserRecord { policies, ..alice });
    world.env.state.commit(tx).await.unwrap();
    assert_eq!(small.explain(Audience::Everyone), explained, "as it was decided");

    let large_one = denied(&world).keep();
    let added = large_one.size() - small.size();
    assert!(added > large().len(), "{added}");
    let alice = Arc::downgrade(world.env.state.view().account(account()).user("alice").unwrap());
    let mut tx = begin(&world, account());
    tx.delete_user(&alice.upgrade().unwrap());
    world.env.state.commit(tx).await.unwrap();
    assert!(alice.upgrade().is_some());
    assert!(large_one.explain(Audience::Everyone).to_string().contains("Decided by"));
    drop(large_one);
    assert!(alice.upgrade().is_none());
}

/// The same as with the whole state, whoever asks: all tests of decisions come by here.
pub(super) fn says_the_same(decided: Decided) {
    let audiences = [Audience::Everyone, Audience::CallersAccount];
    let with_all = audiences.map(|audience| decided.explain(audience));
    let message = decided.message();
    let kept = decided.keep();
    assert_eq!(audiences.map(|audience| kept.explain(audience)), with_all);
    assert_eq!(kept.decided.message(), message);
}

fn denied(world: &World) -> Decided {
    let call = world.call(world.alice());
    let refused =
        authorise(Called::<CreatesUser>::new(call, GetCallerIdentityInput {})).unwrap_err();
    refused.denied.unwrap()
}

/// A user who has nothing to do with it, and a large document.
struct Bystander {
    account: AccountId,
    user: Weak<User>,
}

impl Bystander {
    async fn put(world: &World, account: AccountId) -> Self {
        let mut tx = begin(world, account);
        tx.put_user(&UserRecord {
            name: "bystander".to_owned(),
            path: "/".to_owned(),
            id: UniqueId::generate(IdKind::User, account, &SystemIds),
            create_date: 0,
            permissions_boundary: None,
            policies: HeldPolicies {
                inline: [("large".to_owned(), large())].into(),
                attached: Vec::new(),
            },
            groups: Vec::new(),
            tags: tags(&[]),
        });
        world.env.state.commit(tx).await.unwrap();
        let view: Arc<View> = world.env.state.view();
        Self { account, user: Arc::downgrade(view.account(account).user("bystander").unwrap()) }
    }

    async fn delete(&self, world: &World) {
        let mut tx = begin(world, self.account);
        tx.delete_user(&self.user.upgrade().unwrap());
        world.env.state.commit(tx).await.unwrap();
    }

    fn is_gone(&self) -> bool {
        self.user.upgrade().is_none()
    }
}

fn begin(world: &World, account: AccountId) -> Tx {
    Tx::new(world.env.state.view(), account)
}

fn large() -> String {
    let actions: Vec<_> = (0..5_000).map(|number| format!("s3:Get{number}")).collect();
    document(serde_json::json!({ "Effect": "Allow", "Action": actions, "Resource": "*" }))
}

fn deny(action: &str) -> serde_json::Value {
    serde_json::json!({ "Effect": "Deny", "Action": action, "Resource": "*" })
}
