#!/usr/bin/env bash
# The work that lvtool is compared by, with ImageMagick: one convert a session.
#
#   magick.sh OUT SHEET-WIDTH SHEET-HEIGHT SESSION.json...
set -euo pipefail

out=$1 sheet=$2x$3
shift 3
names=(reference audit-0 audit-1 audit-2 audit-3)
orange='rgb(230,159,0)' black='rgb(20,24,30)'

# frames prints a line for every frame: left, top, width, height, Base64.
frames() {
  jq -r '.ReferenceImage, .AuditImages[] | [.BoundingBox[("Left", "Top", "Width", "Height")], .Bytes] | @tsv' "$1"
}

# boxes prints the pixel edges of a box, and of what is cut: 15 % more on each side.
boxes() {
  awk -v l="$1" -v t="$2" -v w="$3" -v h="$4" -v W="$5" -v H="$6" '
    function edge(share, side) { share = int(share * side + 0.5); return share < 0 ? 0 : share > side ? side : share }
    BEGIN {
      print edge(l, W), edge(t, H), edge(l + w, W), edge(t + h, H),
        edge(l - 0.15 * w, W), edge(t - 0.15 * h, H), edge(l + 1.15 * w, W), edge(t + 1.15 * h, H)
    }'
}

convert_session() {
  local id dir args=() tiles=() report k=0 data w h l t r b L T R B x y
  id=$(jq -r .SessionId "$1")
  dir=$out/$id
  mkdir -p "$dir/annotated" "$dir/faces"
  report="{\"session\": \"$id\", \"confidence\": $(jq .Confidence "$1"), \"frames\": ["
  while read -r l t w h data; do
    local name=${names[k]} jpeg=$dir/${names[k]}.jpg
    base64 -d <<<"$data" >"$jpeg"
    local size W H
    size=$(identify -ping -format '%w %h' "$jpeg")
    read -r W H <<<"$size"
    read -r l t r b L T R B <<<"$(boxes "$l" "$t" "$w" "$h" "$W" "$H")"
    x=$((48 + k % 3 * 528)) y=$((320 + (k < 3 ? 0 : 405)))
    args+=("(" "$jpeg" -write mpr:frame
      -crop "$((R - L))x$((B - T))+$L+$T" +repage -write "$dir/faces/$name.png" -scale 186x236 -write "mpr:face$k" +delete ")"
      "(" mpr:frame -fill none -stroke "$orange" -strokewidth 4 -draw "rectangle $((l + 2)),$((t + 2)) $((r - 3)),$((b - 3))"
      -stroke none -fill "$black" -draw "rectangle $l,$((t - 16)) $((l + 9 * ${#name} + 4)),$((t - 1))"
      -fill white -annotate "+$((l + 4))+$((t - 4))" "$name"
      -alpha off -write "$dir/annotated/$name.png" -scale 280x373 -write "mpr:picture$k" +delete ")")
    tiles+=("mpr:picture$k" -geometry "+$((x + (280 - (W * 373 < H * 280 ? W * 373 / H : 280)) / 2))+$y" -composite
      "mpr:face$k" -geometry "+$((x + 296))+$((y + 113))" -composite
      -fill "$black" -annotate "+$((x + 296))+$((y + 12))" "$name\\n${W}x$H")
    report+=$'\n'"  {\"name\": \"$name\", \"width\": $W, \"height\": $H, \"box\": [$l, $t, $r, $b]},"
    k=$((k + 1))
  done < <(frames "$1")
  convert -depth 8 "${args[@]}" -size "$sheet" xc:white -fill "$black" -annotate +48+60 "$id" "${tiles[@]}" -alpha off "$dir/sheet.png"
  printf '%s\n]}\n' "${report%,}" >"$dir/report.json"
  rm "$dir"/*.jpg
}

for session; do
  convert_session "$session"
done
