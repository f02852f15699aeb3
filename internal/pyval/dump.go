package pyval

import (
	"fmt"
	"io"
	"math/big"
	"strings"
)

// Dump writes v as JSON the way the AWS CLI prints it: four spaces a level, keys in order, every
// character as it is. It writes piece by piece, so what comes before a piece that can not be
// written is out already.
func Dump(w io.StringWriter, v any) error {
	d := dumper{w: w, indent: "    "}
	d.value("", v, "\n")
	return d.err
}

// Compact is v as JSON in one line, in ASCII: JMESPath's to_string.
func Compact(v any) string {
	var b strings.Builder
	d := dumper{w: &b, ascii: true}
	d.value("", v, "")
	return b.String()
}

// Line is v as JSON in one line, every character as it is.
func Line(v any) string {
	var b strings.Builder
	d := dumper{w: &b}
	d.value("", v, "")
	return b.String()
}

type dumper struct {
	w      io.StringWriter
	indent string // of one level; empty: all in one line
	ascii  bool
	err    error
}

func (d *dumper) write(s string) {
	if d.err == nil {
		_, d.err = d.w.WriteString(s)
	}
}

// value writes v behind prefix; newline is the line break with the indentation of the container
// around it. A scalar and its prefix are one piece.
func (d *dumper) value(prefix string, v any, newline string) {
	switch v := v.(type) {
	case *List:
		d.container(prefix, "[]", len(v.Items), newline, func(i int, separator, inner string) {
			d.value(separator, v.Items[i], inner)
		})
	case *Dict:
		colon := ": "
		if d.indent == "" {
			colon = ":"
		}
		d.container(prefix, "{}", v.Len(), newline, func(i int, separator, inner string) {
			d.write(separator)
			d.write(d.quote(v.keys[i]))
			d.write(colon)
			d.value("", v.values[v.keys[i]], inner)
		})
	default:
		d.write(prefix + d.scalar(v))
	}
}

func (d *dumper) container(
	prefix, brackets string, n int, newline string, member func(i int, separator, newline string),
) {
	if n == 0 {
		d.write(prefix + brackets)
		return
	}
	inner := newline + d.indent
	d.write(prefix + brackets[:1])
	for i := range n {
		separator := inner
		if i > 0 {
			separator = "," + inner
		}
		member(i, separator, inner)
	}
	d.write(newline + brackets[1:])
}

func (d *dumper) scalar(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return map[bool]string{true: "true", false: "false"}[v]
	case *big.Int:
		return v.String()
	case float64:
		return jsonFloat(v)
	case string:
		return d.quote(v)
	}
	return fmt.Sprint(v)
}

// jsonFloat spells what is not finite as Python's json module does.
func jsonFloat(f float64) string {
	switch s := Float(f); s {
	case "nan":
		return "NaN"
	case "inf":
		return "Infinity"
	case "-inf":
		return "-Infinity"
	default:
		return s
	}
}

func (d *dumper) quote(s string) string {
	var b []byte
	b = append(b, '"')
	for _, r := range Runes(s) {
		if k := strings.IndexRune("\"\\\n\r\t\b\f", r); k >= 0 {
			b = append(b, '\\', `"\nrtbf`[k])
			continue
		}
		switch {
		case r < ' ' || d.ascii && 0x7e < r && r < 0x10000:
			b = fmt.Appendf(b, `\u%04x`, r)
		case d.ascii && r >= 0x10000:
			b = fmt.Appendf(b, `\u%04x\u%04x`, 0xd800|(r-0x10000)>>10, 0xdc00|(r-0x10000)&0x3ff)
		default:
			b = appendRune(b, r)
		}
	}
	return string(append(b, '"'))
}
