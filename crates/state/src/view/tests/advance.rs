use super::*;
use crate::View;

/// What was made aside goes in as a whole, unless somebody has written to its accounts in the meantime.
#[tokio::test]
async fn what_is_made_aside_goes_in_in_one_commit() {
    let state = empty().await;
    let mut tx = begin(&state);
    tx.put_user(&user("alice"));
    tx.put_group(&group("old"));
    state.commit(tx).await.unwrap();
    let other: AccountId = "444455556666".parse().unwrap();
    let seen = state.view();
    let (base, goal) = made_aside(&seen, other).await;
    let accounts = [account(), other].into();

    // Nothing differs.
    let done = state.advance(&seen, &base, &base, &accounts).await.unwrap();
    assert_eq!(done, Committed::Done);
    assert!(!state.view().account_exists(other));
    // One of the accounts has changed since.
    let mut tx = Tx::new(state.view(), other);
    tx.put_user(&user("dave"));
    state.commit(tx).await.unwrap();
    let done = state.advance(&seen, &base, &goal, &accounts).await.unwrap();
    assert_eq!(done, Committed::Conflict);
    let view = state.view();
    assert!(view.account(account()).user("bob").is_none());
    assert!(view.account(account()).group("old").is_some());

    let (base, goal) = made_aside(&view, other).await;
    let done = state.advance(&view, &base, &goal, &accounts).await.unwrap();
    assert_eq!(done, Committed::Done);
    let advanced = state.view();
    let names = |of: AccountId| {
        let users = advanced.account(of).users();
        users.map(|user| user.record.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        (names(account()), names(other)),
        (vec!["alice".to_owned(), "bob".to_owned()], vec!["carol".to_owned(), "dave".to_owned()],)
    );
    assert!(advanced.account(account()).group("old").is_none());
    // Whoever has seen the state of before runs again.
    let mut tx = Tx::new(view, account());
    tx.put_user(&user("erin"));
    assert_eq!(state.commit(tx).await.unwrap(), Committed::Conflict);
}

/// The state of a view, and what it is with two users more and a group less.
async fn made_aside(seen: &View, other: AccountId) -> (Arc<View>, Arc<View>) {
    let aside = empty().await;
    aside.replace(Draft::of(seen)).await.unwrap();
    let base = aside.view();
    let mut tx = begin(&aside);
    tx.put_user(&user("bob"));
    tx.delete_group(base.account(account()).group("old").unwrap());
    aside.commit(tx).await.unwrap();
    let mut tx = Tx::new(aside.view(), other);
    tx.put_user(&user("carol"));
    aside.commit(tx).await.unwrap();
    (base, aside.view())
}
