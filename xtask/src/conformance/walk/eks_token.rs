//! The token of `aws eks get-token`, replayed as a cluster does.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::{ALICE, Walk};
use crate::conformance::call::Who;
use crate::conformance::http::Answer;
use crate::conformance::{expect, http};

impl Walk {
    /// Makes a token for one cluster, and shows it to that one, to another, and to one without a name.
    pub(super) fn eks_token(&mut self) -> Result<()> {
        let keys = self.made.alice()?.keys.clone();
        let input = json!({"ClusterName": "production"});
        let made = expect::answer(self.call(Who::Keys(&keys), "eks", "GetToken", input)?)?;
        let token = expect::text(&made, "/status/token")?;
        let encoded = token.strip_prefix("k8s-aws-v1.").context("an unknown kind of token")?;
        let url = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded)?)?;
        ensure!(
            url.contains("X-Amz-SignedHeaders=host%3Bx-k8s-aws-id"),
            "the name of the cluster is not signed: {url}"
        );

        let accepted = self.replay(&url, Some("production"))?.accepted()?;
        ensure!(
            accepted.contains(&format!("<Arn>{ALICE}</Arn>")),
            "the cluster does not know who it is: {accepted}"
        );
        for cluster in [None, Some("staging")] {
            let refused = self.replay(&url, cluster)?;
            ensure!(
                refused.status == 403
                    && refused.body.contains("<Code>SignatureDoesNotMatch</Code>"),
                "the cluster {cluster:?} was not refused: {refused:?}"
            );
        }
        Ok(())
    }

    /// Sends the URL to daypass, whatever address it names.
    fn replay(&self, url: &str, cluster: Option<&str>) -> Result<Answer> {
        let (_, rest) = url.split_once("://").context("no URL")?;
        let (host, target) = rest.split_once('/').context("a URL without a path")?;
        let cluster = cluster.map(|name| ("x-k8s-aws-id", name));
        let headers: Vec<_> = [("Host", host)].into_iter().chain(cluster).collect();
        http::send(self.address(), "GET", &format!("/{target}"), &headers, "")
    }
}
