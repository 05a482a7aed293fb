package importer_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/importer"
)

func Example() {
	trace, err := importer.Open("trace.jsonl.gz")
	if err != nil {
		log.Fatal(err)
	}
	c := client.New("http://127.0.0.1:8080", os.Getenv("ROSTER_KEY"))
	summary, err := importer.Import(context.Background(), c, trace, importer.Options{
		Progress: func(lines int) { fmt.Printf("%d lines, %d%%\n", lines, 100*trace.Offset/trace.Size) },
	})
	if err := errors.Join(err, trace.Close()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(summary.Lines, "lines,", summary.Events, "events")
}
