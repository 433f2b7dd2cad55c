//! A page in Markdown: its blocks, in order.

/// What a page asks its reader to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// To save a block under the name that stands in the line above it.
    Save { file: String, text: String },
    /// To enter a command.
    Enter(Command),
    /// Nothing: the block shows something. `line` is where its fence is, `language` what it says.
    Look { line: usize, language: String },
}

/// A command of a `console` block, and what the page says it prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// The number of its line in the page, from 1.
    pub(crate) line: usize,
    /// As it is typed, which may be several lines.
    pub(crate) text: String,
    /// As it is printed. Nothing, where the page shows nothing.
    pub(crate) output: String,
}

/// A block that is shown and not done, since it needs what no test has, says so behind its language.
const NO_RUN: &str = "no_run";

/// The steps of a page. `is_complete` tells whether a text is a whole command of the shell: a command goes on
/// in the next line until it is.
pub(crate) fn steps(page: &str, is_complete: &dyn Fn(&str) -> bool) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = page.lines().enumerate();
    let mut above = "";
    while let Some((index, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            if !line.trim().is_empty() {
                above = line;
            }
            continue;
        };
        let block: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        let block = block.join("\n");
        match (info, file_name(above)) {
            ("console", _) => steps.extend(commands(index + 2, &block, is_complete)),
            (_, Some(file)) if !info.ends_with(NO_RUN) => {
                steps.push(Step::Save { file: file.to_owned(), text: block + "\n" });
            }
            _ => steps.push(Step::Look { line: index + 1, language: info.to_owned() }),
        }
        above = "";
    }
    steps
}

/// The name in a line like "`trust.json`, the customer's:".
fn file_name(above: &str) -> Option<&str> {
    if !above.ends_with(':') {
        return None;
    }
    let (_, rest) = above.rsplit_once(" `").or_else(|| above.split_once('`'))?;
    let (name, _) = rest.split_once('`')?;
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    (name.contains('.') && name.chars().all(plain)).then_some(name)
}

fn commands(first: usize, block: &str, is_complete: &dyn Fn(&str) -> bool) -> Vec<Step> {
    let mut commands = Vec::new();
    let mut lines = block.lines().zip(first..).map(|(text, line)| (line, text)).peekable();
    while let Some((line, text)) = lines.next() {
        let Some(text) = text.strip_prefix("$ ") else { continue };
        let mut text = text.to_owned();
        while !is_complete(&text) {
            let Some((_, more)) = lines.next() else { break };
            text = text + "\n" + more;
        }
        let mut output: Vec<&str> = Vec::new();
        while let Some((_, printed)) = lines.next_if(|(_, text)| !text.starts_with("$ ")) {
            output.push(printed);
        }
        commands.push(Step::Enter(Command { line, text, output: output.join("\n") }));
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_files_commands_and_what_they_print() {
        let page = "# Title\n\nThe policy, `a-policy.json`, is:\n\n```json\n{}\n```\n\n```console\n$ one \\\n    two\nprinted\n\n$ three\n```\n\n```sh\nelsewhere\n```\n";
        let complete = |text: &str| !text.ends_with('\\');
        let enter = |line, text: &str, output: &str| {
            Step::Enter(Command { line, text: text.to_owned(), output: output.to_owned() })
        };
        assert_eq!(
            steps(page, &complete),
            [
                Step::Save { file: "a-policy.json".to_owned(), text: "{}\n".to_owned() },
                enter(10, "one \\\n    two", "printed\n"),
                enter(14, "three", ""),
                Step::Look { line: 17, language: "sh".to_owned() },
            ]
        );
    }

    #[test]
    fn knows_which_lines_name_a_file() {
        for (above, name) in [
            ("`trust.json`, the customer's:", Some("trust.json")),
            ("Give it keys in `github.toml`:", Some("github.toml")),
            ("`github.toml`, and more.", None),
            ("The table `[idp]`:", None),
            ("The key `aws:TagKeys`:", None),
            ("Nothing:", None),
        ] {
            assert_eq!(file_name(above), name, "{above}");
        }
    }
}
