/// How the report looks: system fonts, one column of text, light and dark, on paper too.
enum PageStyle {
  private static func variables(_ path: KeyPath<PaletteColour, String>) -> String {
    Palette.all.map { "--\($0.name):\($0[keyPath: path])" }.joined(separator: ";")
  }

  private static let light =
    "color-scheme:light;--bg:#fff;--text:#1d1f21;--quiet:#5c6369;--rule:#e2e5e8;--soft:#f5f6f7;--shadow:#0000002e;"
    + "--link:#005f99;--good:#00714f;--doubtful:#8a5300;--bad:#b80000;"
    + variables(\.light)
  private static let dark =
    "color-scheme:dark;--bg:#16191c;--text:#e4e6e8;--quiet:#9aa1a8;--rule:#31363b;--soft:#1e2226;--shadow:#000000a0;"
    + "--link:#7cc0ee;--good:#4fcf9f;--doubtful:#f0b455;--bad:#ff8276;"
    + variables(\.dark)

  /// The style sheet.
  static let css = """
    :root{\(light)}
    @media screen and (prefers-color-scheme:dark){:root{\(dark)}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0;background:var(--bg);color:var(--text);
    font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;
    font-variant-numeric:tabular-nums}
    main{max-width:68rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
    p,ul,dl,h1,h2,h3,figcaption,summary{overflow-wrap:anywhere}
    p,li,dd,figcaption{max-width:44rem}
    .kicker{margin:0 0 .6rem;color:var(--quiet);font-size:.875rem}
    h1{margin:0 0 1rem;max-width:44rem;font-size:1.9rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;
    text-wrap:balance}
    h2{margin:3.25rem 0 .75rem;padding-top:.9rem;border-top:1px solid var(--rule);font-size:1.3rem;
    line-height:1.3;font-weight:650;letter-spacing:-.01em}
    h3{margin:2rem 0 .4rem;font-size:1.05rem;line-height:1.35;font-weight:620}
    p{margin:.5rem 0 .9rem}
    a{color:var(--link);text-underline-offset:.15em}
    .answer{margin:0 0 1.4rem;font-size:1.2rem;line-height:1.5}
    .banner{margin:0 0 1.4rem;padding:.7rem 1rem;border-left:4px solid var(--good);background:var(--soft)}
    .banner.doubtful{border-color:var(--doubtful);color:inherit}
    .banner.bad{border-color:var(--bad);color:inherit;font-weight:inherit}
    .banner p{margin:0;font-weight:620}
    .banner p+p{margin-top:.2rem;color:var(--quiet);font-size:.9rem;font-weight:400}
    nav{font-size:.9rem}
    nav ul{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:0;padding:0;list-style:none;max-width:none}
    .quiet{color:var(--quiet);font-size:.9rem}
    .good{color:var(--good)}
    .doubtful{color:var(--doubtful)}
    .bad{color:var(--bad);font-weight:650}
    .scroll{margin:.9rem 0 1.2rem;overflow-x:auto;max-width:100%;
    background:linear-gradient(to left,var(--bg) 1rem,transparent) 100% 0/2.5rem 100% no-repeat local,
    linear-gradient(to left,var(--shadow),transparent) 100% 0/.8rem 100% no-repeat scroll}
    .scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
    table{border-collapse:collapse;font-size:.8125rem;line-height:1.35;min-width:min(100%,30rem)}
    caption{padding:0 0 .45rem;text-align:left;color:var(--quiet);font-size:.875rem;caption-side:top}
    th,td{padding:.34rem .55rem;text-align:right;vertical-align:top;white-space:nowrap;
    border-bottom:1px solid var(--rule)}
    th:first-child,td:first-child{padding-left:0}
    th{font-weight:600}
    thead th{vertical-align:bottom;color:var(--quiet);font-weight:550}
    thead th.group{text-align:center;border-bottom-color:var(--quiet)}
    tbody th{font-weight:550}
    .text{text-align:left}
    td.text{white-space:normal;min-width:7rem}
    td small,th small{display:block;color:var(--quiet);font-size:.72rem;font-weight:400}
    td small.range{font-style:italic}
    tbody th{position:sticky;left:0;background:var(--bg);white-space:normal;min-width:9.5rem;max-width:13rem;overflow-wrap:anywhere}
    thead th:first-child{position:sticky;left:0;background:var(--bg)}
    tbody tr:hover>*{background:var(--soft)}
    dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.25rem 1.1rem;margin:.6rem 0 1rem;
    font-size:.92rem}
    dt{color:var(--quiet)}
    dd{margin:0}
    details{margin:.5rem 0;font-size:.95rem}
    summary{cursor:pointer;color:var(--link)}
    pre,code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.84rem}
    pre{margin:.6rem 0 1rem;padding:.75rem .9rem;overflow-x:auto;background:var(--soft);border-radius:4px;
    line-height:1.45}
    ul.plain{margin:.5rem 0;padding-left:1.2rem}
    figure{margin:2.2rem 0 2.6rem}
    figure h3{margin:0 0 .7rem}
    figcaption{margin-top:.6rem;color:var(--quiet);font-size:.9rem}
    figcaption p{margin:0 0 .3rem}
    figure svg{display:block;width:100%;height:auto}
    svg text{font-family:inherit}
    svg.wide{max-width:900px}
    svg.narrow{display:none;max-width:460px}
    footer{margin-top:3.5rem;padding-top:.9rem;border-top:1px solid var(--rule);color:var(--quiet);
    font-size:.85rem}
    @media screen and (max-width:700px){
    body{font-size:1rem}
    main{padding:1.4rem 1rem 3rem}
    h1{font-size:1.5rem}
    .answer{font-size:1.08rem}
    svg.wide{display:none}
    svg.narrow{display:block}
    dl{grid-template-columns:1fr;gap:0}
    dd{margin:0 0 .45rem}
    .scroll{margin-right:-1rem}
    tbody th{min-width:5.5rem;max-width:7.5rem}
    }
    @media print{
    @page{margin:14mm}
    body{font-size:9.5pt}
    main{max-width:none;padding:0}
    nav,svg.narrow{display:none}
    h2,h3,summary{break-after:avoid}
    figure,tr,.banner{break-inside:avoid}
    .scroll{overflow:visible;margin-right:0;background:none}
    table{font-size:6.6pt;min-width:0}
    tbody th,thead th:first-child{position:static}
    th,td{padding:.2rem .3rem}
    td small,th small{font-size:5.6pt}
    a{color:inherit}
    pre{white-space:pre-wrap;overflow-wrap:anywhere}
    }
    """
}
