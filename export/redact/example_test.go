package redact_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/redact"
)

// The copy of a session without images, and the check of what it was made of.
func Example() {
	ctx := context.Background()
	folder, copied := fstest.MapFS{}, fstest.MapFS{}
	into := func(f fstest.MapFS) export.Put {
		return func(name string, data []byte) error {
			f[name] = &fstest.MapFile{Data: bytes.Clone(data)}
			return nil
		}
	}
	result := []byte(`{"SessionId": "0b6f2c1e-58a4-4d0e-9c37-6a1d2f4e8b90", "Status": "EXPIRED"}`)
	for s, err := range decode.Sessions(bytes.NewReader(result), nil) {
		if err != nil {
			log.Fatal(err)
		}
		if _, err := export.Convert(ctx, s, nil, into(folder)); err != nil {
			log.Fatal(err)
		}
	}
	full, err := redact.ReadFolder(folder)
	if err != nil {
		log.Fatal(err)
	}
	c, err := redact.Result(ctx, full, &redact.Options{Mode: redact.Faces, Key: key, Nonce: nonce})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := c.Files(ctx, nil, into(copied)); err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.ID)
	opening := redact.Opening{Commitment: c.Redaction.Commitment, Nonce: fmt.Sprintf("%x", nonce)}
	fits, err := redact.Verify(ctx, copied, folder, opening, &redact.VerifyOptions{Key: key})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(fits.Files, "files made again")
	// Output:
	// 64103360429094e35f51486a99c6a2ed
	// 3 files made again
}
