package domain_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestTextsAreEveryEncryptedText(t *testing.T) {
	t.Parallel()
	d := domain.PersonalData{Metadata: events.Metadata{"desk": "k.desk"}}
	want := []events.Sealed{"k.desk"}
	for field, value := range reflect.ValueOf(&d).Elem().Fields() {
		if value.Type() == reflect.TypeFor[events.Sealed]() {
			value.SetString("k." + field.Name)
			want = append(want, events.Sealed("k."+field.Name))
		}
	}
	assert.ElementsMatch(t, want, slices.Collect(d.Texts()))
}
