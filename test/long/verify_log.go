// Reads an export of the log and holds it against Go's own implementation of transparency logs
// (https://pkg.go.dev/golang.org/x/mod/sumdb/tlog): the note, the tiles, and proofs of entries and of older trees.
// Then signs a note with a key of its own, for the other side to verify.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type folder struct{ path string }

func (f folder) Height() int { return 8 }

// Go's paths begin with tile/8/; C2SP's leave the height out.
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(f.path, "tile", tile.Path()[len("tile/8/"):]))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func main() {
	dir, vkey := os.Args[1], os.Args[2]
	verifier, err := note.NewVerifier(vkey)
	must(err)
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	var origin string
	var size int64
	var root64 string
	_, err = fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &size, &root64)
	must(err)
	root, err := tlog.ParseHash(root64)
	must(err)
	tree := tlog.Tree{N: size, Hash: root}
	reader := tlog.TileHashReader(tree, folder{dir})

	entries := int64(0)
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		name := fmt.Sprintf("tile/entries/%03d", n)
		if width < 256 {
			name += fmt.Sprintf(".p/%d", width)
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		must(err)
		for reading := bytes.NewReader(data); reading.Len() > 0; entries++ {
			var length uint16
			must(binary.Read(reading, binary.BigEndian, &length))
			entry := make([]byte, length)
			_, err = reading.Read(entry)
			must(err)
			proof, err := tlog.ProveRecord(size, entries, reader)
			must(err)
			must(tlog.CheckRecord(proof, size, root, entries, tlog.RecordHash(entry)))
		}
	}
	older := int64(0)
	for n := int64(1); n < size; n += 37 {
		hash, err := tlog.TreeHash(n, reader)
		must(err)
		proof, err := tlog.ProveTree(size, n, reader)
		must(err)
		must(tlog.CheckTree(proof, size, root, n, hash))
		older++
	}
	skey, own, err := note.GenerateKey(rand.Reader, "go.example")
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	message, err := note.Sign(&note.Note{Text: opened.Text}, signer)
	must(err)
	fmt.Printf("%s: %d entries, %d older trees\n%s\n%s", origin, entries, older, own, message)
}
