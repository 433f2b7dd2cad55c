use anyhow::bail;

/// A request as it was written down: raw HTTP/1.1, or what `curl -v` shows of it.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub(super) method: String,
    target: String,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
    /// The `Date` of the answer in a trace.
    pub(super) answered_at: Option<String>,
}

impl Message {
    /// Reads either form.
    pub(super) fn read(text: &[u8]) -> anyhow::Result<Self> {
        if text.split(|byte| *byte == b'\n').any(is_traced_request) {
            return Self::read_trace(text);
        }
        Self::read_raw(text)
    }

    /// The path and the query on the wire.
    pub(super) fn target(&self) -> (&str, &str) {
        let target = match self.target.split_once("://") {
            Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
            None => &self.target,
        };
        target.split_once('?').unwrap_or((target, ""))
    }

    /// How many bytes the body lacks by its `Content-Length`.
    pub(super) fn missing_bytes(&self) -> Option<usize> {
        self.content_length()?.checked_sub(self.body.len()).filter(|missing| *missing > 0)
    }

    fn content_length(&self) -> Option<usize> {
        let (_, value) =
            self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
        std::str::from_utf8(value).ok()?.trim().parse().ok()
    }

    fn read_raw(text: &[u8]) -> anyhow::Result<Self> {
        let mut message = Self::default();
        let mut rest = text;
        let mut begun = false;
        while !rest.is_empty() {
            let (line, after) = split_line(rest);
            rest = after;
            match (begun, line.is_empty()) {
                (false, true) => {}
                (false, false) => {
                    message.begin(line)?;
                    begun = true;
                }
                (true, false) => message.add(line)?,
                (true, true) => break,
            }
        }
        if !begun {
            bail!("it is empty");
        }
        // What follows the body, such as the line break of an editor, is none of it.
        let length = message.content_length().unwrap_or(rest.len()).min(rest.len());
        message.body = rest.get(..length).unwrap_or_default().to_vec();
        Ok(message)
    }

    /// Reads the last request of a trace, which is the one that was answered.
    fn read_trace(text: &[u8]) -> anyhow::Result<Self> {
        let mut message = Self::default();
        for line in text.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if is_traced_request(line) {
                message = Self::default();
                message.begin(line.strip_prefix(b"> ").unwrap_or_default())?;
            } else if let Some(header) = line.strip_prefix(b"> ").filter(|line| !line.is_empty()) {
                message.add(header)?;
            } else if let Some(value) = line
                .strip_prefix(b"< ")
                .filter(|line| {
                    line.get(..5).is_some_and(|name| name.eq_ignore_ascii_case(b"date:"))
                })
                .and_then(|line| line.get(5..))
            {
                message.answered_at = Some(String::from_utf8_lossy(value).trim().to_owned());
            }
        }
        Ok(message)
    }

    fn begin(&mut self, line: &[u8]) -> anyhow::Result<()> {
        let line = String::from_utf8_lossy(line).into_owned();
        let mut words = line.split(' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some(method), Some(target), Some(version), None) if version.starts_with("HTTP/") => {
                (self.method, self.target) = (method.to_owned(), target.to_owned());
                Ok(())
            }
            _ => bail!("its first line is not like `POST / HTTP/1.1`"),
        }
    }

    fn add(&mut self, line: &[u8]) -> anyhow::Result<()> {
        // An obsolete line folding (RFC 9112, 5.2) goes on with the header above.
        if let ([b' ' | b'\t', ..], Some((_, value))) = (line, self.headers.last_mut()) {
            value.extend_from_slice(b"\r\n");
            value.extend_from_slice(line);
            return Ok(());
        }
        let colon = line.iter().skip(1).position(|byte| *byte == b':').map(|at| at + 1);
        let Some((name, [_, value @ ..])) = colon.and_then(|at| line.split_at_checked(at)) else {
            bail!("this is no header: {:?}", String::from_utf8_lossy(line));
        };
        // One space belongs to the syntax; all others may matter.
        let value = value.strip_prefix(b" ").unwrap_or(value);
        self.headers.push((String::from_utf8_lossy(name).into_owned(), value.to_vec()));
        Ok(())
    }
}

fn is_traced_request(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let Some(line) = line.strip_prefix(b"> ") else { return false };
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    matches!(&*words, [method, _, version]
        if version.starts_with(b"HTTP/") && !method.contains(&b':'))
}

fn split_line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    (line.strip_suffix(b"\r").unwrap_or(line), rest.get(1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_requests() {
        for line_break in ["\n", "\r\n"] {
            let text =
                "\nPOST /a?b=c HTTP/1.1\nHost: h\nX:  two \n\tfolded\nContent-Length: 3\n\nabc\n";
            let message = Message::read(text.replace('\n', line_break).as_bytes()).unwrap();
            assert_eq!((&*message.method, message.target()), ("POST", ("/a", "b=c")));
            let headers: Vec<(&str, &[u8])> =
                message.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
            assert_eq!(
                headers,
                [("Host", &b"h"[..]), ("X", b" two \r\n\tfolded"), ("Content-Length", b"3")]
            );
            assert_eq!(message.body, b"abc");
            assert_eq!(message.missing_bytes(), None);
        }
        let absolute = Message::read(b"GET http://h:1/x?y HTTP/1.1\n\n").unwrap();
        assert_eq!(absolute.target(), ("/x", "y"));
    }

    #[test]
    fn traces() {
        let text = "* Connected to localhost\n> GET /old HTTP/1.1\n> Host: a\n> \n< HTTP/1.1 307 Moved\n\
                    > POST / HTTP/2\r\n> Host: h\r\n> Content-Length: 5\r\n>\r\n} [5 bytes data]\n\
                    < HTTP/2 403\n< Date: Fri, 15 Jan 2027 08:00:00 GMT\n<\n<ErrorResponse/>\n";
        let message = Message::read(text.as_bytes()).unwrap();
        assert_eq!((&*message.method, message.target()), ("POST", ("/", "")));
        assert_eq!(message.headers.len(), 2);
        assert_eq!(message.missing_bytes(), Some(5));
        assert_eq!(message.answered_at.as_deref(), Some("Fri, 15 Jan 2027 08:00:00 GMT"));
    }

    #[test]
    fn what_is_no_request() {
        for text in
            ["", "\n\n", "hello", "GET /", "GET / HTTP/1.1\nno header\n\n", "GET / HTTP/1.1\n: x\n"]
        {
            assert!(Message::read(text.as_bytes()).is_err(), "{text:?}");
        }
    }
}
