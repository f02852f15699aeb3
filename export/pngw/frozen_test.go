package pngw_test

import "image/color"

var palette = color.Palette{color.Black, color.White, color.NRGBA{200, 20, 20, 255}, color.NRGBA{20, 20, 200, 100}}

// frozen holds what TestFrozen wants: a digest for each level.
var frozen = map[string][3]string{
	"alpha":    {"eb4fd66883236daa", "329251e2094a5318", "9696ead24193270e"},
	"drawing":  {"7ea1f701711bb9d1", "0a67b3e9bfa6a8ec", "1f709bf0c1ff66c7"},
	"flat":     {"951fb5c2f2bf9e8f", "3716f50005fd9102", "efbb60acc35ea8fe"},
	"gradient": {"d4d9eff4da8882e9", "8ad31a307e4bf24a", "b2c433c4304bff79"},
	"hatch":    {"581c07a46113de4b", "1c011d220991c38e", "916f853eced19fb4"},
	"mixed":    {"59da143a66122cc1", "43bb554d10d47182", "a1e76b85759bf4e4"},
	"noise":    {"90c60e9639a2e477", "601faf8191511f40", "df64fb8a668e5982"},
	"photo":    {"741e2eeaef893b24", "0eceb5855888cf6b", "76a4cd1321bd32a6"},
}
