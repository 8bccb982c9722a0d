package mentoring_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pure are the packages the domain may import: they compute, and neither read, write, wait nor draw lots.
// Of these, time and fmt hold impure functions too; see impure.
var pure = []string{
	"bytes", "cmp", "encoding/base32", "encoding/binary", "errors", "fmt", "iter", "maps", "math", "math/bits", "net/url", "path",
	"crypto/sha256", // a hash of what is passed in
	"reflect",       // compares what is passed in
	"regexp", "slices", "sort", "strconv", "strings",
	"sync", // keeps what was computed once: time zones
	"time",
	"time/tzdata", // zone data in the binary instead of the machine's
	"unicode", "unicode/utf8",
}

// impure are functions and variables of these packages that depend on the machine or act on it.
// time.LoadLocation is not among them, though it reads a zone's file: TestWhatIsNoZone holds it to names
// that mean the same on every machine.
var impure = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Local"},
	"fmt": {"Print", "Printf", "Println", "Fprint", "Fprintf", "Fprintln",
		"Scan", "Scanf", "Scanln", "Fscan", "Fscanf", "Fscanln"},
}

func TestTheDomainIsPure(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	scanned := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range impurities(t, source) {
			t.Errorf("%s: %s", name, found)
		}
		scanned++
	}
	if scanned < 10 {
		t.Errorf("scanned only %d files", scanned)
	}
}

func TestImpuritiesAreFound(t *testing.T) {
	const source = `package mentoring
		import (
			"fmt"
			"math/rand/v2"
			"os"
			. "strings"
			clock "time"
		)
		func f() {
			go g()
			println(ToUpper(""))
			fmt.Println(os.Args, rand.Int(), fmt.Sprint())
			_, _ = clock.Now, clock.Second
		}`
	want := []string{
		"imports math/rand/v2", "imports os", "imports strings with a dot",
		"starts a goroutine", "calls println", "uses fmt.Println", "uses time.Now",
	}
	got := impurities(t, []byte(source))
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

// impurities are what in a file is not a function of what is passed in.
func impurities(t *testing.T, source []byte) (found []string) {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{} // by the name a file uses
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		paths[name] = path
		if !slices.Contains(pure, path) {
			found = append(found, "imports "+path)
		}
		if name == "." {
			found = append(found, "imports "+path+" with a dot")
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = append(found, "starts a goroutine")
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "print" || f.Name == "println") {
				found = append(found, "calls "+f.Name)
			}
		case *ast.SelectorExpr:
			if pkg, ok := n.X.(*ast.Ident); ok && slices.Contains(impure[paths[pkg.Name]], n.Sel.Name) {
				found = append(found, "uses "+paths[pkg.Name]+"."+n.Sel.Name)
			}
		}
		return true
	})
	return found
}
