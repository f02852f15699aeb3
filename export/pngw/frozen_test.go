package pngw_test

import "image/color"

var palette = color.Palette{color.Black, color.White, color.NRGBA{200, 20, 20, 255}, color.NRGBA{20, 20, 200, 100}}

// frozen holds what TestFrozen wants: a digest for each level.
var frozen = map[string][3]string{
	"alpha":    {"7123eec65fa49fcd", "09ef0acbad1a2a26", "9696ead24193270e"},
	"camera":   {"c516ef1bf16e204b", "0bbab979ee447227", "d898408d118a3006"},
	"drawing":  {"7e7b07ca69275f2e", "0a67b3e9bfa6a8ec", "1f709bf0c1ff66c7"},
	"flat":     {"5b8960db0530bae2", "3716f50005fd9102", "efbb60acc35ea8fe"},
	"gradient": {"1637713a48473551", "8ad31a307e4bf24a", "b2c433c4304bff79"},
	"hatch":    {"4f6e732a48e257c6", "1c011d220991c38e", "916f853eced19fb4"},
	"mixed":    {"40ad883b16f6c8df", "c3fa82c2fc777c86", "a1e76b85759bf4e4"},
	"noise":    {"c5760d37d28cf533", "b44b1f877127e46a", "df64fb8a668e5982"},
	"photo":    {"1bdb82ad65d18956", "d18d7538d5540584", "76a4cd1321bd32a6"},
}
