// Asks go/types what the calls mean: `go run go.go <folder> <module>`, edges as JSON on stdin, verdicts on stdout (see
// ../precision.mjs). Packages of the module and of the standard library are read; others are empty, and their errors are
// passed over.
package main

import (
	"encoding/json"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

type place struct {
	Path      string `json:"path"`
	StartLine int    `json:"startLine"`
	EndLine   int    `json:"endLine"`
}

type edge struct {
	Path string `json:"path"`
	Line int    `json:"line"`
	Name string `json:"name"`
	To   place  `json:"to"`
}

type verdict struct {
	Verdict string   `json:"verdict"`
	Meant   []string `json:"meant,omitempty"`
}

type module struct {
	folder, name string
	files        *token.FileSet
	packages     map[string]*types.Package
	info         *types.Info
	standard     types.Importer
	syntax       map[string]*ast.File
}

func main() {
	folder, _ := filepath.Abs(os.Args[1])
	files := token.NewFileSet()
	m := &module{folder: folder, name: os.Args[2], files: files, packages: map[string]*types.Package{}, standard: importer.ForCompiler(files, "source", nil), syntax: map[string]*ast.File{},
		info: &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}}
	var edges []edge
	if err := json.NewDecoder(os.Stdin).Decode(&edges); err != nil {
		panic(err)
	}
	verdicts := []verdict{}
	for _, one := range edges {
		m.check(filepath.Dir(one.Path), strings.HasSuffix(one.Path, "_test.go"))
		verdicts = append(verdicts, m.judge(one))
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		panic(err)
	}
}

// Import gives a package of the module from its sources, one of the standard library, or an empty one.
func (m *module) Import(path string) (*types.Package, error) {
	if path == m.name || strings.HasPrefix(path, m.name+"/") {
		return m.check(strings.TrimPrefix(strings.TrimPrefix(path, m.name), "/"), false), nil
	}
	if !strings.Contains(strings.Split(path, "/")[0], ".") {
		return m.standard.Import(path)
	}
	if m.packages[path] == nil {
		m.packages[path] = types.NewPackage(path, filepath.Base(path))
		m.packages[path].MarkComplete()
	}
	return m.packages[path], nil
}

func (m *module) check(folder string, withTests bool) *types.Package {
	key := filepath.Clean(folder)
	if withTests {
		key += " test"
	}
	if known, ok := m.packages[key]; ok {
		return known
	}
	m.packages[key] = nil
	parsed := map[string][]*ast.File{}
	names, _ := filepath.Glob(filepath.Join(m.folder, folder, "*.go"))
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") && !withTests {
			continue
		}
		if fits, _ := build.Default.MatchFile(filepath.Dir(name), filepath.Base(name)); !fits {
			continue
		}
		file, err := parser.ParseFile(m.files, name, nil, parser.SkipObjectResolution)
		if err == nil {
			parsed[file.Name.Name] = append(parsed[file.Name.Name], file)
			relative, _ := filepath.Rel(m.folder, name)
			m.syntax[relative] = file
		}
	}
	for name, files := range parsed {
		settings := types.Config{Importer: m, Error: func(error) {}, FakeImportC: true}
		made, _ := settings.Check(filepath.Join(m.name, folder), m.files, files, m.info)
		if !strings.HasSuffix(name, "_test") {
			m.packages[key] = made
		}
	}
	return m.packages[key]
}

func (m *module) judge(one edge) verdict {
	file := m.syntax[filepath.Clean(one.Path)]
	if file == nil {
		return verdict{Verdict: "unknown"}
	}
	result := verdict{Verdict: "unknown"}
	ast.Inspect(file, func(node ast.Node) bool {
		call, isCall := node.(*ast.CallExpr)
		if !isCall {
			return true
		}
		name := callee(call.Fun)
		if name == nil || m.files.Position(name.Pos()).Line != one.Line || result.Verdict == "right" {
			return true
		}
		object := m.info.Uses[name]
		if object == nil {
			return true
		}
		position := m.files.Position(object.Pos())
		relative, _ := filepath.Rel(m.folder, position.Filename)
		if relative == one.To.Path && position.Line >= one.To.StartLine && position.Line <= one.To.EndLine {
			result = verdict{Verdict: "right"}
		} else if name.Name == one.Name {
			result = verdict{Verdict: "wrong", Meant: append(result.Meant, relative+":"+strconv.Itoa(position.Line))}
		}
		return true
	})
	return result
}

func callee(expression ast.Expr) *ast.Ident {
	switch one := expression.(type) {
	case *ast.Ident:
		return one
	case *ast.SelectorExpr:
		return one.Sel
	case *ast.IndexExpr:
		return callee(one.X)
	case *ast.IndexListExpr:
		return callee(one.X)
	case *ast.ParenExpr:
		return callee(one.X)
	}
	return nil
}
