package result

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// WriteText writes the fields that say something, one a line.
func (r Result) WriteText(w io.Writer) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for name, value := range fields(raw) {
		fmt.Fprintf(table, "%s\t%v\n", name, value)
	}
	return table.Flush()
}
