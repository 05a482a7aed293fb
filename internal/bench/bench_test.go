package bench

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRun measures everything at a size at which nothing can be learned but that
// every figure is there.
func TestRun(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			if name != "replay" { // which measures the memory of the process
				t.Parallel()
			}
			var began []string
			rows, err := Run(t.Context(), Config{
				Only: []string{name}, Time: 10 * time.Millisecond, People: 100,
				Began: func(name string) { began = append(began, name) },
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(began, []string{name}) || len(rows) == 0 {
				t.Errorf("%d rows of %v", len(rows), began)
			}
			what := map[string]bool{}
			for _, row := range rows {
				if row.Measurement != name || what[row.What] {
					t.Errorf("%+v is there twice, or of another measurement", row)
				}
				what[row.What] = true
				if row.Figure <= 0 && !strings.HasSuffix(row.What, "allocations") { // of which there may be none
					t.Errorf("%+v has no figure", row)
				}
				if row.Floor != "" && (row.FloorFigure <= 0 || row.Ratio <= 0) {
					t.Errorf("%+v has no figure of its floor", row)
				}
			}
		})
	}
}

func TestRunNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	_, err := Run(t.Context(), Config{Only: []string{"check", "speed"}})
	if err == nil || !strings.Contains(err.Error(), `"speed"`) || !strings.Contains(err.Error(), strings.Join(Names(), ", ")) {
		t.Errorf("%v does not say what is wrong and what there is", err)
	}
}

func TestBoundsAreOfTheRatioWhereThereIsAFloor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		row    Row
		wanted string
		missed bool
	}{
		{figure("", 40, "ns").against("map", 10).atMost(8), "<= 8", false},
		{figure("", 90, "ns").against("map", 10).atMost(8), "<= 8", true},
		{figure("", 79, "/s").against("raw", 100).atLeast(0.8), ">= 0.80", true},
		{figure("", 80, "/s").against("raw", 100).atLeast(0.8), ">= 0.80", false},
		{figure("", 25.1, "ms").atMost(25), "<= 25 ms", true},
		{figure("", 200_000, "/s").atLeast(200_000), ">= 200,000/s", false},
	} {
		if c.row.Wanted != c.wanted || c.row.Missed != c.missed {
			t.Errorf("%+v, want %s, missed %t", c.row, c.wanted, c.missed)
		}
	}
}

func TestQuantity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value float64
		unit  string
		want  string
	}{
		{0, "", "0"},
		{0.8, "", "0.80"},
		{0.0042, "ms", "0.0042 ms"},
		{1.349, "ms", "1.35 ms"},
		{12.34, "ms", "12.3 ms"},
		{412.7, "ns", "413 ns"},
		{999.6, "/s", "1,000/s"},
		{1_234_567.8, "/s", "1,234,568/s"},
	} {
		if got := Quantity(c.value, c.unit); got != c.want {
			t.Errorf("Quantity(%v, %q) = %s, want %s", c.value, c.unit, got, c.want)
		}
	}
}

func TestMedianIsOfTheRounds(t *testing.T) {
	t.Parallel()
	if got := median([]float64{9, 1, 5, 100, 3}, itself); got != 5 {
		t.Errorf("median %v, want 5", got)
	}
}
