package bench

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRun runs every measurement at a small size and checks that every figure is there.
func TestRun(t *testing.T) {
	for _, m := range all {
		name := m.name
		if m.program {
			continue // the test of the program runs it
		}
		t.Run(name, func(t *testing.T) {
			if name != "replay" { // which measures the memory of the process
				t.Parallel()
			}
			var started []string
			rows, err := Run(t.Context(), Config{
				Only: []string{name}, Time: 10 * time.Millisecond, People: 100,
				Started: func(name string) { started = append(started, name) },
			})
			require.NoError(t, err)
			require.NotEmpty(t, rows)
			assert.Equal(t, []string{name}, started)
			what := map[string]bool{}
			for _, row := range rows {
				assert.Equal(t, name, row.Measurement)
				assert.NotContains(t, what, row.What, "two rows have one name")
				what[row.What] = true
				// There may be no allocations, and what is delivered may come before the answer.
				if !strings.HasSuffix(row.What, "allocations") && !strings.HasPrefix(row.What, "acknowledged to delivered") {
					assert.Positive(t, row.Figure, row.What)
				}
				if row.Floor != "" {
					assert.Positive(t, row.FloorFigure, row.What)
					assert.Positive(t, row.Ratio, row.What)
				}
			}
		})
	}
}

func TestUnknownMeasurementIsRefused(t *testing.T) {
	t.Parallel()
	_, err := Run(t.Context(), Config{Only: []string{"check", "speed"}})
	require.ErrorContains(t, err, `"speed"`)
	assert.ErrorContains(t, err, strings.Join(Names(), ", "))
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
		assert.Equal(t, c.wanted, c.row.Wanted, "%+v", c.row)
		assert.Equal(t, c.missed, c.row.Missed, "%+v", c.row)
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
		assert.Equal(t, c.want, Quantity(c.value, c.unit))
	}
}

func TestMedianIsOfTheRounds(t *testing.T) {
	t.Parallel()
	assert.InDelta(t, 5, median([]float64{9, 1, 5, 100, 3}, identity), 0)
}
