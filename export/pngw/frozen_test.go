package pngw_test

import "image/color"

var palette = color.Palette{color.Black, color.White, color.NRGBA{200, 20, 20, 255}, color.NRGBA{20, 20, 200, 100}}

// frozen holds what TestFrozen wants: a digest for each level.
var frozen = map[string][3]string{
	"alpha":    {"eb4fd66883236daa", "09ef0acbad1a2a26", "9696ead24193270e"},
	"drawing":  {"7ea1f701711bb9d1", "0a67b3e9bfa6a8ec", "1f709bf0c1ff66c7"},
	"flat":     {"951fb5c2f2bf9e8f", "3716f50005fd9102", "efbb60acc35ea8fe"},
	"gradient": {"e8e3ea6f8a967476", "8ad31a307e4bf24a", "b2c433c4304bff79"},
	"hatch":    {"59e9823d230b0739", "1c011d220991c38e", "916f853eced19fb4"},
	"mixed":    {"59da143a66122cc1", "c3fa82c2fc777c86", "a1e76b85759bf4e4"},
	"noise":    {"90c60e9639a2e477", "b44b1f877127e46a", "df64fb8a668e5982"},
	"photo":    {"741e2eeaef893b24", "d18d7538d5540584", "76a4cd1321bd32a6"},
}
