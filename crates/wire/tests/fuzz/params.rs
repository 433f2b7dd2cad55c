//! Whatever comes as the parameters of a Query request.

use daypass_wire::{Params, Plus};

/// The input is a form body, and then a query string of either reading.
pub(crate) fn run(text: &[u8]) {
    let queries = [Plus::Literal, Plus::Space].map(|plus| Params::from_query(text, plus));
    for params in queries.into_iter().chain([Params::from_form(text)]).flatten() {
        for (name, _) in params.iter() {
            assert!(params.get(name).is_some(), "{name:?} is there and is not");
        }
        assert_eq!(params.get("Action"), params.action());
        let root = params.root();
        for name in ["Tags", "PolicyArns", "Filter"] {
            for element in root.child(name).elements(Some("member")) {
                assert!(element.child("Key").value().is_none_or(|key| text.len() * 3 >= key.len()));
            }
        }
    }
}
