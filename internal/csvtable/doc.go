// Package csvtable reads CSV (RFC 4180) whose columns are known beforehand, and says in which line and column it is wrong.
//
//	rows, err := csvtable.Format{Columns: []string{"email", "role"}, Required: []string{"email"}, MaxRows: 1000}.Read(text)
//
// It takes UTF-8 with or without a byte order mark, lines that end with LF or CRLF, and fields in quotes, which may have line breaks. What else
// spreadsheets write (UTF-16, semicolons, a workbook) is refused by its name, with what to do: a guess could put texts into wrong columns.
package csvtable
