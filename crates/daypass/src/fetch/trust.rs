//! Whether a server is the one whose name is called.

use std::sync::{Arc, OnceLock};

use daypass_federation::oidc::{Chain, Thumbprint};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// Verifies the certificate of one connection, and remembers what it came to.
///
/// If no known authority has issued it, the last certificate that the server sent stands in for
/// one: then everything else must hold as usual, and whether that last certificate may vouch for
/// the server is for the provider's thumbprints to say.
#[derive(Debug)]
pub(super) struct Trust {
    provider: Arc<CryptoProvider>,
    authorities: Arc<RootCertStore>,
    came_to: OnceLock<Chain>,
}

impl Trust {
    pub(super) fn new(authorities: Arc<RootCertStore>) -> Self {
        let provider = Arc::new(aws_lc_rs::default_provider());
        Self { provider, authorities, came_to: OnceLock::new() }
    }

    /// What the server's certificates came to; `None` before the handshake.
    pub(super) fn came_to(&self) -> Option<Chain> {
        self.came_to.get().copied()
    }

    fn verify(
        &self,
        authorities: Arc<RootCertStore>,
        server: &Presented<'_, '_>,
    ) -> Result<(), Error> {
        if authorities.is_empty() {
            return Err(CertificateError::UnknownIssuer.into());
        }
        let provider = Arc::clone(&self.provider);
        let verifier = WebPkiServerVerifier::builder_with_provider(authorities, provider)
            .build()
            .map_err(|error| Error::General(error.to_string()))?;
        let Presented { certificate, others, name, now } = *server;
        verifier.verify_server_cert(certificate, others, name, &[], now).map(|_| ())
    }
}

/// What a server shows of itself.
struct Presented<'a, 'c> {
    certificate: &'a CertificateDer<'c>,
    others: &'a [CertificateDer<'c>],
    name: &'a ServerName<'c>,
    now: UnixTime,
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let server = Presented { certificate, others, name, now };
        let top = others.last().unwrap_or(certificate);
        let trusted = match self.verify(Arc::clone(&self.authorities), &server) {
            Ok(()) => true,
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
                let mut alone = RootCertStore::empty();
                alone.add(top.clone().into_owned())?;
                self.verify(Arc::new(alone), &server)?;
                false
            }
            Err(error) => return Err(error),
        };
        // A connection has one handshake.
        let _ = self.came_to.set(Chain { trusted, top: Thumbprint::of_certificate(top) });
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// TLS 1.2 or 1.3 with whom `trust` finds to be the one that is called. `None` is not to be expected:
/// the ciphers would have to have none for these versions.
pub(super) fn client_config(trust: Arc<Trust>) -> Option<ClientConfig> {
    let config = ClientConfig::builder_with_provider(Arc::clone(&trust.provider))
        .with_safe_default_protocol_versions()
        .ok()?;
    let verifier: Arc<dyn ServerCertVerifier> = trust;
    Some(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}
