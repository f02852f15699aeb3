package pack_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/lvtool/lvtool/annotate"
	"github.com/lvtool/lvtool/decode"
	"github.com/lvtool/lvtool/export"
	"github.com/lvtool/lvtool/export/bag"
	"github.com/lvtool/lvtool/export/pack"
)

// archived returns a pack of a sample in a ZIP archive.
func archived(opts *pack.Options) bag.Tree {
	f, err := os.Open("../../samples/tiny.json")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	var archive bytes.Buffer
	z, err := bag.NewZip(&archive, "pack")
	if err != nil {
		log.Fatal(err)
	}
	for s, err := range decode.Sessions(f, &decode.Options{Name: "tiny.json"}) {
		if err != nil {
			log.Fatal(err)
		}
		if _, err := pack.Write(context.Background(), s, opts, z.Put); err != nil {
			log.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		log.Fatal(err)
	}
	tree, err := bag.OpenZip(bytes.NewReader(archive.Bytes()), int64(archive.Len()), bag.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	return tree
}

func forCase(id string) *pack.Options {
	return &pack.Options{
		Export: export.Options{
			Crop: annotate.DefaultCrop(),
			Tool: export.Tool{Version: "0.1.0", Go: "go1.26.8", Options: map[string]string{}},
		},
		Time:        time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC),
		Case:        id,
		RetainUntil: time.Date(2031, 11, 22, 0, 0, 0, 0, time.UTC),
	}
}

// A pack goes to wherever its files are put, and is verified where it lies.
func ExampleVerify() {
	v, err := pack.Verify(context.Background(), archived(forCase("KYC-0815")), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v.Kind, v.Session, v.Passed())
	for _, c := range v.Checks[:3] {
		fmt.Println(c.Name, c.Verdict)
	}
	// Output:
	// pack 58f1d4c0-b2e9-4a73-8d6c-e1907a3b5f2d true
	// structure passed
	// completeness passed
	// digests passed
}

// Packs are compared after they have been verified.
func ExampleDiff() {
	var both [2]*pack.Contents
	for i, id := range []string{"KYC-0815", "KYC-0816"} {
		_, c, err := pack.Read(context.Background(), archived(forCase(id)), nil)
		if err != nil {
			log.Fatal(err)
		}
		both[i] = c
	}
	for _, d := range pack.Diff(both[0], both[1]) {
		if d.Kind == pack.DiffInfo {
			fmt.Println(d.Name, *d.A, *d.B)
		}
	}
	// Output: case KYC-0815 KYC-0816
}

// Whether a pack may be deleted follows from what is sealed in it.
func ExampleVerification_Retention() {
	v, err := pack.Verify(context.Background(), archived(forCase("KYC-0815")), nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, year := range []int{2027, 2032} {
		state, until := v.Retention(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
		fmt.Println(year, state, until.Format(time.DateOnly))
	}
	// Output:
	// 2027 retained 2031-11-22
	// 2032 due 2031-11-22
}

// What pictures show is proven by making them again.
func ExampleRederive() {
	again := &pack.Rederive{Options: func(map[string]string) (*export.Options, error) {
		return &forCase("").Export, nil
	}}
	v, err := pack.Verify(context.Background(), archived(forCase("KYC-0815")), &pack.VerifyOptions{
		More: []func(context.Context, *pack.Contents) pack.Check{again.Check},
	})
	if err != nil {
		log.Fatal(err)
	}
	last := v.Checks[len(v.Checks)-1]
	fmt.Println(last.Name, last.Verdict)
	// Output: rederive passed
}
