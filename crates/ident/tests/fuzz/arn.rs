//! Whatever is given as an ARN.

use daypass_ident::{Arn, ArnParts};

/// The input is the text.
pub(crate) fn run(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let parts = ArnParts::parse(text);
    assert_eq!(text.parse::<Arn>().is_ok(), parts.is_some());
    let Some(parts) = parts else { return };
    let ArnParts { partition, service, region, account, resource } = parts;
    assert_eq!(format!("arn:{partition}:{service}:{region}:{account}:{resource}"), text);
    assert!(![partition, service, region, account].iter().any(|field| field.contains(':')));
    if let Some(id) = parts.account_id() {
        assert_eq!(id.to_string(), account);
    }
    for kind in ["user", "role", "assumed-role", ""] {
        if let Some((path, name)) = parts.path_and_name(kind) {
            assert_eq!(format!("{kind}{path}{name}"), resource);
        }
    }
}
