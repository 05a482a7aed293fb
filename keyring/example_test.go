package keyring_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "keyring")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	server, err := natsserver.Start(natsserver.Config{Dir: dir})
	if err != nil {
		panic(err)
	}
	defer server.Shutdown()
	nc, err := server.Connect()
	if err != nil {
		panic(err)
	}
	defer nc.Close()

	master, _ := keyring.NewMasterKey()
	keys, err := keyring.Open(ctx, nc, keyring.Config{Master: master})
	if err != nil {
		panic(err)
	}
	sealed, err := keys.Seal(ctx, "acme", "ada", "Ada Lovelace")
	if err != nil {
		panic(err)
	}
	fmt.Println(keys.Open(ctx, "acme", sealed))

	if err := keys.Forget(ctx, "acme", "ada"); err != nil {
		panic(err)
	}
	_, err = keys.Open(ctx, "acme", sealed)
	fmt.Println(errors.Is(err, keyring.ErrForgotten))
	// Output:
	// Ada Lovelace <nil>
	// true
}
