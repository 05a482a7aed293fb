package bench

import (
	"fmt"
	"math"
	"strconv"
)

// Row is one figure, with that of its floor if it has one.
type Row struct {
	Measurement string  `json:"measurement"`
	What        string  `json:"what"`
	Figure      float64 `json:"figure"`
	// Unit is that of both figures: /s, ms, ns, MB, or empty for a number.
	Unit string `json:"unit,omitzero"`
	// Floor says what the floor does; empty means that there is none.
	Floor       string  `json:"floor,omitzero"`
	FloorFigure float64 `json:"floor_figure,omitzero"`
	// Ratio is Figure divided by FloorFigure.
	Ratio float64 `json:"ratio,omitzero"`
	// Wanted is the bound of the ratio or, with a unit, of the figure; empty means that
	// there is no bound.
	Wanted string `json:"wanted,omitzero"`
	// Missed reports whether the figure is beyond the bound.
	Missed bool `json:"missed,omitzero"`
}

func figure(what string, value float64, unit string) Row {
	return Row{What: what, Figure: value, Unit: unit}
}

// against adds a floor to the figure.
func (r Row) against(floor string, value float64) Row {
	r.Floor, r.FloorFigure, r.Ratio = floor, value, r.Figure/value
	return r
}

func (r Row) atLeast(bound float64) Row {
	r.Missed = r.compared() < bound
	r.Wanted = r.bound(">=", bound)
	return r
}

func (r Row) atMost(bound float64) Row {
	r.Missed = r.compared() > bound
	r.Wanted = r.bound("<=", bound)
	return r
}

// within bounds the figure itself, also where there is a floor.
func (r Row) within(bound float64) Row {
	r.Missed = r.Figure > bound
	r.Wanted = "<= " + Quantity(bound, r.Unit)
	return r
}

// reaching demands the figure itself, also where there is a floor.
func (r Row) reaching(bound float64) Row {
	r.Missed = r.Figure < bound
	r.Wanted = ">= " + Quantity(bound, r.Unit)
	return r
}

func (r Row) compared() float64 {
	if r.Floor != "" {
		return r.Ratio
	}
	return r.Figure
}

func (r Row) bound(sign string, bound float64) string {
	unit := ""
	if r.Floor == "" {
		unit = r.Unit
	}
	return sign + " " + Quantity(bound, unit)
}

// Quantity writes a figure with its unit, with no more digits than are measured.
func Quantity(value float64, unit string) string {
	digits := 0
	switch {
	case value >= 99.95, value == math.Trunc(value):
	case value >= 9.995:
		digits = 1
	case value >= 0.1:
		digits = 2
	default:
		digits = 4
	}
	text := grouped(int(math.Round(value)))
	if digits > 0 {
		text = strconv.FormatFloat(value, 'f', digits, 64)
	}
	if unit != "" && unit[0] != '/' {
		text += " "
	}
	return text + unit
}

// grouped writes a number with commas between thousands.
func grouped(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}
