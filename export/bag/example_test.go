package bag_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/lvtool/lvtool/export/bag"
)

// A bag goes to wherever its files are put; here, into a ZIP archive.
func ExampleNewWriter() {
	var archive bytes.Buffer
	z, err := bag.NewZip(&archive, "letters")
	if err != nil {
		log.Fatal(err)
	}
	w, err := bag.NewWriter(z.Put)
	if err != nil {
		log.Fatal(err)
	}
	if err := w.Add("hello.txt", []byte("hello\n")); err != nil {
		log.Fatal(err)
	}
	tagManifest, err := w.Close([]bag.Field{{Label: "Contact-Name", Value: "Ada"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(tagManifest))
	if err := z.Close(); err != nil {
		log.Fatal(err)
	}

	tree, err := bag.OpenZip(bytes.NewReader(archive.Bytes()), int64(archive.Len()), bag.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	r, err := bag.Verify(context.Background(), tree, &bag.Options{Strict: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Valid(), r.Payload, "file")
	// Output:
	// 1085ca4064c9e5839f1edb066bf77ca2060ff1c1e87ff109123d834b4e8afcb7  bag-info.txt
	// 1712ecfb074bf29c4188ad3421032509159a09739fd604f8fe57038b4ddefcc9  bagit.txt
	// c8ab910147fffd06fa3433a6a183d2826b0e7561edce79d249371c45b85708f9  manifest-sha256.txt
	// true 1 file
}

// All that is wrong is found, each with a code that programs can go by.
func ExampleVerify() {
	dir, err := os.MkdirTemp("", "bag")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer root.Close()
	for name, data := range map[string]string{
		"bagit.txt":           "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
		"manifest-sha256.txt": "",
		"data/surprise.txt":   "boo\n",
	} {
		if err := root.MkdirAll("data", 0o755); err != nil {
			log.Fatal(err)
		}
		if err := root.WriteFile(name, []byte(data), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	r, err := bag.Verify(context.Background(), bag.Folder(root), nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range r.Findings {
		fmt.Println(f)
	}
	// Output:
	// data/surprise.txt: not listed in manifest-sha256.txt [unlisted]
}

// A profile says what bags for some purpose must hold.
func ExampleParseProfile() {
	profile, err := bag.ParseProfile([]byte(`{
		"BagIt-Profile-Info": {"BagIt-Profile-Identifier": "https://example.com/letters"},
		"Bag-Info": {"Contact-Name": {"required": true}},
		"Manifests-Required": ["sha256"]
	}`))
	if err != nil {
		log.Fatal(err)
	}
	files := map[string][]byte{}
	w, err := bag.NewWriter(func(name string, r io.Reader) (err error) {
		files[name], err = io.ReadAll(r)
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	info := []bag.Field{{Label: "BagIt-Profile-Identifier", Value: profile.ID()}}
	if _, err := w.Close(info); err != nil {
		log.Fatal(err)
	}
	r := &bag.Result{Version: "1.0", Info: bag.ParseInfo(files["bag-info.txt"])}
	for _, f := range profile.Check(r, "") {
		fmt.Println(f)
	}
	// Output:
	// bag-info.txt: the field "Contact-Name" is missing [profile-info]
	// manifest-sha256.txt: the profile requires it [profile-manifest]
}

// Names in a bag are those that every system and tool reads alike.
func ExampleCheckName() {
	fmt.Println(bag.CheckName("faces/reference.png"))
	fmt.Println(bag.CheckName("faces/aux.png"))
	// Output:
	// <nil>
	// unusable file name "faces/aux.png": has the name of a device of Windows
}
