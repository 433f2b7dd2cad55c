//! A room imports only rooms on lower floors (ARCHITECTURE.md).

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{check, dependencies, members, root, text_of};

/// The floor of each room, by its folder.
const FLOORS: [(&str, u8); 20] = [
    ("ident", 0),
    ("audit", 1),
    ("catalog", 1),
    ("federation", 1),
    ("policy", 1),
    ("sigv4", 1),
    ("store", 1),
    ("token", 1),
    ("totp", 1),
    ("wire", 1),
    ("idp", 2),
    ("model", 2),
    ("state", 2),
    ("authz", 3),
    ("iam-core", 4),
    ("sts-core", 4),
    ("gateway", 5),
    ("daypass", 7),
    ("tests", 8),
    ("xtask", 8),
];

/// Rooms that import no room at all: a verifier that anybody could use, and the workshop, which
/// must build while the rooms do not.
const ALONE: [&str; 2] = ["sigv4", "xtask"];

#[test]
fn every_room_has_a_floor() {
    let folders = fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let without = folders.filter(|folder| folder.is_dir() && floor(&name(folder)).is_none());
    check(
        "give these rooms a floor in FLOORS and in ARCHITECTURE.md:",
        without.map(|folder| name(&folder)),
    );
}

#[test]
fn rooms_import_only_rooms_on_lower_floors() {
    assert!(imports().any(|(room, import)| room == "token" && import == "ident"), "no imports");
    let upward = imports().filter(|(room, import)| floor(import) >= floor(room));
    check(
        "a room may import only rooms on lower floors; move what is shared down:",
        upward.map(|(room, import)| format!("{room} imports {import}")),
    );
}

#[test]
fn some_rooms_import_none() {
    let imports = imports().filter(|(room, _)| ALONE.contains(&room.as_str()));
    check(
        "these must import no room of daypass:",
        imports.map(|(room, import)| format!("{room} imports {import}")),
    );
}

/// Each import of one member of the workspace by another, by their folders.
fn imports() -> impl Iterator<Item = (String, String)> {
    members().flat_map(|package| {
        let imports = dependencies(package).iter().filter_map(|import| import["path"].as_str());
        imports.map(|import| (folder(package), name(Path::new(import))))
    })
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.into_iter().find(|(name, _)| *name == room).map(|(_, floor)| floor)
}

fn folder(package: &Value) -> String {
    name(Path::new(text_of(package, "manifest_path")).parent().unwrap())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
