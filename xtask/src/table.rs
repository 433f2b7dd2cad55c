//! Text in columns.

/// Lays rows out in columns that are as wide as their widest cell. The first column is set to the left, the others
/// as `align` says.
pub(crate) fn columns(rows: &[Vec<String>], align: Align) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            match (column, align) {
                (1.., Align::Right) => format!("{cell:>width$}"),
                _ => format!("{cell:<width$}"),
            }
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Where the cells after the first column are set.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Align {
    Left,
    Right,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligns() {
        let rows = [vec!["a".to_owned(), "10".to_owned()], vec!["long".to_owned(), "✓".to_owned()]];
        assert_eq!(columns(&rows, Align::Right), "a     10\nlong   ✓\n");
        assert_eq!(columns(&rows, Align::Left), "a     10\nlong  ✓\n");
    }
}
