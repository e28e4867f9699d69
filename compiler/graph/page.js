"use strict";
// The page that `meshfedc graph --format html` writes. Everything it shows is in the element `data`; names go into the
// document as text only.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const {meshes, clusters, hosts, sets} = data;
  // Hosts that a cluster serves, and to which set of clusters; those of one host stand together.
  const calls = data.calls.map(([host, server, way, change, set]) => ({host, server, way, change, set}));
  const CHANGES = ["", "added", "removed", "changed"];
  const SIGNS = ["", "+", "−", "~"];
  const CLASSES = ["", "add", "del", "mod"];
  const MOST_LISTED = 200; // lines of a list in the panel
  const MOST_ROWS = 1000; // of the table of hosts
  const MOST_UNFOLDED = 80; // clusters; of more, meshes begin folded
  const $ = (id) => document.getElementById(id);

  /** An element with text and children; what is null is left out. */
  const el = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "onclick") element.addEventListener("click", value);
      else if (value !== null && value !== false) element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  };
  const plural = (count, word, many) => `${count} ${count === 1 ? word : many || word + "s"}`;
  const signed = (change, text) => (change ? `${SIGNS[change]} ${text}` : text);

  // -- The filter: every word must be in the host, or in the name, mesh or network of one of the two clusters -----------

  const clusterText = clusters.map((c) => [c.name, meshes[c.mesh].name, c.network].join(" ").toLowerCase());
  const hostText = hosts.map((h) => [h.name, ...h.facts.map((f) => f[1])].join(" ").toLowerCase());
  let words = []; // {hosts, clusters}: a flag for each
  let onlyChanges = false;

  const setFilter = (text) => {
    words = text.toLowerCase().split(/\s+/).filter(Boolean).map((word) => ({
      hosts: hostText.map((t) => t.includes(word)),
      clusters: clusterText.map((t) => t.includes(word)),
    }));
  };

  /** Calls visit(call, consumer) for each link that passes. */
  const eachLink = (visit) => {
    for (const call of calls) {
      if (onlyChanges && !call.change) continue;
      const open = words.filter((w) => !w.hosts[call.host] && !w.clusters[call.server]);
      for (const consumer of sets[call.set]) {
        if (open.every((w) => w.clusters[consumer])) visit(call, consumer);
      }
    }
  };
  const passes = (call, consumer) => (!onlyChanges || call.change > 0) &&
    words.every((w) => w.hosts[call.host] || w.clusters[call.server] || w.clusters[consumer]);

  // -- The panel --------------------------------------------------------------------------------------------------------

  let selected = null; // {kind, id} or {kind: "call", server, consumer}

  const link = (kind, id, text) => el("button", {class: "link", type: "button", onclick: () => select({kind, id})}, text);
  const clusterLink = (id) => link("cluster", id, signed(clusters[id].change, clusters[id].name));
  const hostLink = (id, change) => link("host", id, signed(change, hosts[id].name));
  const facts = (list) => {
    const all = el("dl");
    for (const [key, value] of list) all.append(el("dt", null, key), el("dd", null, value));
    return all;
  };
  const list = (title, lines) => {
    if (lines.length === 0) return null;
    const shown = lines.slice(0, MOST_LISTED);
    if (lines.length > MOST_LISTED) shown.push([`and ${lines.length - MOST_LISTED} more: filter to see them`]);
    return el("section", null, el("h3", null, title),
      el("ul", null, ...shown.map((line) => el("li", null, ...line))));
  };
  const changed = (change) => (change ? el("p", {class: `badge ${CLASSES[change]}`}, CHANGES[change]) : null);
  const byWay = (call) => (call.way === "direct" ? null : el("span", {class: "soft"}, ` by ${call.way}`));

  /** Links that touch something, those that pass the filter only. */
  const linksOf = (test) => {
    const found = [];
    for (const call of calls)
      for (const consumer of sets[call.set])
        if (test(call, consumer) && passes(call, consumer)) found.push({call, consumer});
    return found;
  };

  const showCluster = (id) => {
    const cluster = clusters[id];
    const groups = new Map();
    for (const {call} of linksOf((_, consumer) => consumer === id)) {
      if (!groups.has(call.server)) groups.set(call.server, []);
      groups.get(call.server).push([hostLink(call.host, call.change), byWay(call)]);
    }
    const callers = new Map();
    for (const {call} of linksOf((call) => call.server === id)) callers.set(call.host, (callers.get(call.host) || 0) + 1);
    const served = data.servings.filter((s) => s[0] === id).map(([, host, change]) =>
      [hostLink(host, change), el("span", {class: "soft"}, ` ${plural(callers.get(host) || 0, "caller")}`)]);
    const local = hosts.flatMap((host, i) => (host.local.includes(id) ? [[hostLink(i, 0)]] : []));
    return [el("h2", null, `Cluster ${cluster.name}`), changed(cluster.change),
      facts([["mesh", meshes[cluster.mesh].name], ...cluster.facts]),
      list(`Serves ${plural(served.length, "host")}`, served),
      list(`Runs ${plural(local.length, "host")} for itself`, local),
      ...[...groups].map(([server, lines]) =>
        list(`Calls ${plural(lines.length, "host")} of ${clusters[server].name}`, lines))];
  };

  const showHost = (id) => {
    const host = hosts[id];
    const servers = data.servings.filter((s) => s[1] === id);
    const consumers = new Map();
    for (const {call, consumer} of linksOf((call) => call.host === id)) {
      if (!consumers.has(consumer)) consumers.set(consumer, []);
      const by = call.way === "direct" ? "" : ` by ${call.way}`;
      consumers.get(consumer).push(signed(call.change, clusters[call.server].name + by));
    }
    return [el("h2", null, `Host ${host.name}`), changed(host.change), facts(host.facts),
      list(`Served by ${plural(servers.length, "cluster")}`, servers.map(([cluster]) => [clusterLink(cluster)])),
      list(`Run by ${plural(host.local.length, "cluster")} for itself`, host.local.map((c) => [clusterLink(c)])),
      list(`Called by ${plural(consumers.size, "cluster")}`, [...consumers].map(([consumer, from]) =>
        [clusterLink(consumer), el("span", {class: "soft"}, ` in ${from.join(", ")}`)]))];
  };

  const showMesh = (id) => {
    const members = clusters.flatMap((cluster, i) => (cluster.mesh === id ? [[clusterLink(i)]] : []));
    return [el("h2", null, `Mesh ${meshes[id].name}`), changed(meshes[id].change), facts(meshes[id].facts),
      list(plural(members.length, "cluster"), members)];
  };

  const showCall = ({server, consumer}) => {
    const found = new Map(); // a mesh calls a host of several clusters of another
    for (const {call} of linksOf((call, c) => server.includes(call.server) && consumer.includes(c)))
      if (!found.has(call.host) || call.change) found.set(call.host, call);
    const name = (ids) => (ids.length === 1 ? clusters[ids[0]].name : `mesh ${meshes[clusters[ids[0]].mesh].name}`);
    return [el("h2", null, `${name(consumer)} calls ${name(server)}`),
      list(plural(found.size, "host"), [...found].map(([host, call]) => [hostLink(host, call.change), byWay(call)]))];
  };

  const renderPanel = () => {
    const panel = $("panel");
    const parts = selected === null ? [el("p", {class: "soft"},
      "Select a cluster, a cell or a host to see all about it. Keys: / to filter, Escape to clear, arrows in the matrix.")]
      : selected.kind === "call" ? showCall(selected)
      : {cluster: showCluster, host: showHost, mesh: showMesh}[selected.kind](selected.id);
    panel.replaceChildren(...parts.filter((part) => part !== null));
  };

  const nameOf = ({kind, id}) => `${kind}:${{cluster: clusters, host: hosts, mesh: meshes}[kind][id].name}`;
  const select = (thing) => {
    selected = thing;
    if (thing && thing.kind !== "call") history.replaceState(null, "", `#${encodeURIComponent(nameOf(thing))}`);
    else history.replaceState(null, "", location.pathname + location.search);
    renderPanel();
    markDiagram();
    $("panel").scrollTop = 0;
  };
  const selectHash = () => {
    let wanted = "";
    try { wanted = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    for (const [kind, all] of Object.entries({cluster: clusters, host: hosts, mesh: meshes})) {
      const id = all.findIndex((one) => `${kind}:${one.name}` === wanted);
      if (id >= 0) select({kind, id});
    }
  };

  // -- The matrix -------------------------------------------------------------------------------------------------------

  const folded = new Set(clusters.length > MOST_UNFOLDED ? meshes.keys() : []);
  let items = []; // a row and a column each: {clusters, mesh, folded}
  let itemOf = []; // by cluster
  let cells = []; // by row and column: {td, text, css}
  let cursor = [0, 0];

  const makeItems = () => {
    items = [];
    meshes.forEach((mesh, id) => {
      const members = clusters.flatMap((cluster, i) => (cluster.mesh === id ? [i] : []));
      if (folded.has(id)) items.push({clusters: members, mesh: id, folded: true, first: true, change: mesh.change});
      else members.forEach((c, i) => items.push(
        {clusters: [c], mesh: id, folded: false, first: i === 0, size: members.length, change: clusters[c].change}));
    });
    itemOf = [];
    items.forEach((item, i) => item.clusters.forEach((c) => { itemOf[c] = i; }));
  };
  const itemName = (item) => (item.folded ? `${meshes[item.mesh].name} (${item.clusters.length})` : clusters[item.clusters[0]].name);
  const chooseItem = (item) => select(item.folded ? {kind: "mesh", id: item.mesh} : {kind: "cluster", id: item.clusters[0]});
  const fold = (mesh) => {
    folded.has(mesh) ? folded.delete(mesh) : folded.add(mesh);
    makeMatrix();
    renderMatrix();
  };
  const foldButton = (item) => el("button", {type: "button", class: "fold", "aria-expanded": String(!item.folded),
    title: `${item.folded ? "Show" : "Hide"} the clusters of ${meshes[item.mesh].name}`, onclick: () => fold(item.mesh)},
    item.folded ? "▸ " : "▾ ", el("span", null, meshes[item.mesh].name));
  const heading = (item, scope) => el("th", {scope, class: `${scope} ${CLASSES[item.change]}${item.first ? " first" : ""}`},
    el("button", {type: "button", tabindex: "-1", onclick: () => chooseItem(item)}, signed(item.change, itemName(item))));

  const makeMatrix = () => {
    makeItems();
    cursor = [0, 0];
    const groups = items.filter((item) => item.first);
    const table = el("table", {role: "grid", "aria-label": "Rows serve, columns call; a cell counts hosts"});
    table.append(el("thead", null,
      el("tr", null, el("td", {class: "corner", colspan: "2", rowspan: "2"}, "rows serve, columns call"),
        ...groups.map((item) => el("th", {scope: "colgroup", class: "band first", colspan: item.folded ? 1 : item.size},
          foldButton(item)))),
      el("tr", null, ...items.map((item) => heading(item, "col")))));
    const body = el("tbody");
    cells = items.map((row) => {
      const tr = el("tr", {class: row.first ? "first" : null});
      if (row.first)
        tr.append(el("th", {scope: "rowgroup", class: "band", rowspan: row.folded ? 1 : row.size}, foldButton(row)));
      tr.append(heading(row, "row"));
      const line = items.map((column) => {
        const td = el("td", {class: column.first ? "first" : null});
        td.append(document.createTextNode(""));
        tr.append(td);
        return {td, first: column.first ? "first " : "", text: "", css: null};
      });
      body.append(tr);
      return line;
    });
    table.append(body);
    if (cells.length > 0) cells[0][0].td.tabIndex = 0;
    $("matrix").replaceChildren(table);
  };

  const renderMatrix = () => {
    const size = items.length;
    const counts = [0, 1, 2, 3].map(() => new Uint32Array(size * size)); // by change
    const seen = new Int32Array(size * size).fill(-1); // the last host counted in a cell, and how
    eachLink((call, consumer) => {
      const at = itemOf[call.server] * size + itemOf[consumer];
      if (seen[at] === call.host) return;
      seen[at] = call.host;
      ++counts[call.change][at];
    });
    let greatest = 1;
    for (let i = 0; i < size * size; ++i)
      greatest = Math.max(greatest, counts[0][i] + counts[1][i] + counts[3][i] || counts[2][i]);
    for (let row = 0; row < size; ++row)
      for (let column = 0; column < size; ++column) renderCell(row, column, counts, greatest);
  };
  const short = (count) => (count < 1000 ? String(count) : `${Math.floor(count / 1000)}k`);
  const renderCell = (row, column, counts, greatest) => {
    const cell = cells[row][column];
    const at = row * items.length + column;
    const [same, added, removed, modified] = counts.map((count) => count[at]);
    const changes = added + removed + modified;
    const total = same + added + modified || removed;
    const kinds = [0, added, removed, modified].flatMap((count, change) => (count > 0 ? [change] : []));
    const text = total === 0 ? "" : changes === 0 ? short(total)
      : (kinds.length === 1 ? SIGNS[kinds[0]] : "±") + short(changes);
    const kind = changes === 0 ? "" : kinds.length === 1 && same === 0 ? CLASSES[kinds[0]] : "mod";
    const shade = total === 0 ? "" : `h${Math.ceil((total * 5) / greatest)}`;
    const css = cell.first + (row === column ? "own" : `${shade} ${kind}`);
    if (cell.css !== css) cell.td.className = cell.css = css;
    if (cell.text !== text) cell.td.lastChild.data = cell.text = text;
  };

  const moveCursor = (row, column) => {
    const size = items.length;
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    cells[cursor[0]][cursor[1]].td.tabIndex = -1;
    cursor = [row, column];
    cells[row][column].td.tabIndex = 0;
    cells[row][column].td.focus();
  };
  const openCell = (row, column) => row === column ? chooseItem(items[row])
    : select({kind: "call", server: items[row].clusters, consumer: items[column].clusters});
  const place = (target) => {
    const td = target.closest("tbody td");
    if (td === null) return null;
    const row = [...td.closest("tbody").rows].indexOf(td.closest("tr"));
    return [row, cells[row].findIndex((cell) => cell.td === td)];
  };

  $("matrix").addEventListener("click", (event) => {
    const found = place(event.target);
    if (found === null) return;
    moveCursor(...found);
    openCell(...found);
  });
  $("matrix").addEventListener("keydown", (event) => {
    const found = place(event.target);
    if (found === null) return;
    const [row, column] = found;
    const last = items.length - 1;
    const moves = {ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1], Home: [row, 0], End: [row, last], PageUp: [0, column], PageDown: [last, column]};
    if (event.key in moves) moveCursor(...moves[event.key]);
    else if (event.key === "Enter" || event.key === " ") openCell(row, column);
    else return;
    event.preventDefault();
  });
  // What a cell says to who points at it, made when it is asked for.
  $("matrix").addEventListener("mouseover", (event) => {
    const found = place(event.target);
    if (found === null || found[0] === found[1]) return;
    const [server, consumer] = found.map((i) => itemName(items[i]));
    cells[found[0]][found[1]].td.title = `${consumer} calls ${server}`;
  });

  // -- The table of hosts -----------------------------------------------------------------------------------------------

  let rows = [];
  const makeHosts = () => {
    const served = hosts.map(() => []);
    for (const [cluster, host] of data.servings) served[host].push(clusters[cluster].name);
    const body = el("tbody");
    rows = hosts.slice(0, MOST_ROWS).map((host, id) => {
      const ports = host.facts.find((fact) => fact[0] === "ports");
      const callers = el("td", {class: "number"}, "");
      const tr = el("tr", {class: CLASSES[host.change]}, el("td", null, hostLink(id, host.change)),
        el("td", null, ports ? ports[1] : ""), el("td", null, served[id].join(", ")), callers);
      body.append(tr);
      return {tr, callers, count: -1};
    });
    $("hosts").replaceChildren(el("table", null, el("thead", null, el("tr", null,
      ...["host", "ports", "served by", "callers"].map((title) => el("th", {scope: "col"}, title)))), body),
      hosts.length > MOST_ROWS ? el("p", {class: "soft"}, `and ${hosts.length - MOST_ROWS} more, which the filter finds`) : "");
  };
  const renderHosts = () => {
    if (rows.length === 0) makeHosts();
    const callers = hosts.map(() => new Set());
    eachLink((call, consumer) => callers[call.host].add(consumer));
    rows.forEach((row, id) => {
      const count = callers[id].size;
      if (row.count === count) return;
      row.count = count;
      row.callers.textContent = count;
      row.tr.hidden = count === 0 && (words.length > 0 || onlyChanges) && !words.every((w) => w.hosts[id]);
    });
  };

  // -- The diagram ------------------------------------------------------------------------------------------------------

  const diagram = $("diagram").querySelector("svg.diagram");
  const cards = [], ends = [];
  let bundle = new Map(); // "server,consumer": how many links pass
  if (diagram) {
    for (const card of diagram.querySelectorAll("[data-cluster]")) {
      const id = Number(card.dataset.cluster);
      cards[id] = card;
      card.setAttribute("tabindex", "0");
      card.setAttribute("role", "button");
      card.setAttribute("aria-label", `Cluster ${clusters[id].name}`);
      card.addEventListener("click", () => select({kind: "cluster", id}));
      card.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        select({kind: "cluster", id});
      });
      for (const row of card.querySelectorAll("[data-peer]"))
        ends.push({element: row, server: Number(row.dataset.peer), consumer: id});
    }
    for (const call of diagram.querySelectorAll("[data-from]"))
      ends.push({element: call, server: Number(call.dataset.to), consumer: Number(call.dataset.from)});
    for (const wire of diagram.querySelectorAll("[data-to]:not([data-from])"))
      ends.push({element: wire, server: Number(wire.dataset.to), consumer: null});
    diagram.setAttribute("role", "group");
  }
  const renderDiagram = () => {
    if (!diagram) return;
    bundle = new Map();
    const touched = clusters.map(() => words.length === 0 && !onlyChanges);
    eachLink((call, consumer) => {
      touched[call.server] = touched[consumer] = true;
      for (const key of [`${call.server},${consumer}`, `${call.server},null`, `${call.server},${call.server}`])
        bundle.set(key, (bundle.get(key) || 0) + 1);
    });
    for (const {element, server, consumer} of ends) element.classList.toggle("off", !bundle.has(`${server},${consumer}`));
    cards.forEach((card, id) => card.classList.toggle("off", !touched[id]));
  };
  const markDiagram = () => {
    if (!diagram) return;
    const id = selected && selected.kind === "cluster" ? selected.id : null;
    const shown = new Set(); // pairs that the selection is about, and the servers of such
    const isAbout = (call, consumer) => (id === null ? call.host === selected.id : call.server === id || consumer === id);
    const any = selected && (id !== null || selected.kind === "host");
    if (any) {
      for (const {call, consumer} of linksOf(isAbout)) shown.add(`${call.server},${consumer}`).add(`${call.server}`);
    }
    const isDim = ({server, consumer}) =>
      any && !shown.has(consumer === null || consumer === server ? `${server}` : `${server},${consumer}`);
    for (const end of ends) end.element.classList.toggle("dim", isDim(end));
    cards.forEach((card, i) => card.classList.toggle("selected", i === id));
  };

  // -- The page ---------------------------------------------------------------------------------------------------------

  const VIEWS = {diagram: renderDiagram, matrix: renderMatrix, hosts: renderHosts};
  let view = diagram ? "diagram" : "matrix";
  const show = (name) => {
    view = name;
    for (const each of Object.keys(VIEWS)) {
      $(each).hidden = each !== view;
      $(`show-${each}`).setAttribute("aria-pressed", String(each === view));
    }
    render();
  };
  const render = () => {
    VIEWS[view]();
    renderPanel();
    let links = 0;
    const found = new Set();
    eachLink((call) => { ++links; found.add(call.host); });
    $("found").textContent = words.length === 0 && !onlyChanges ? "" : plural(found.size, "host") + " found";
  };

  const filter = $("filter");
  filter.addEventListener("input", () => { setFilter(filter.value); render(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== filter) {
      event.preventDefault();
      filter.focus();
    } else if (event.key === "Escape") {
      if (event.target === filter && filter.value !== "") {
        filter.value = "";
        setFilter("");
        render();
      } else {
        select(null);
      }
    }
  });
  if (data.compared) $("changes").addEventListener("change", () => { onlyChanges = $("changes").checked; render(); });
  for (const each of Object.keys(VIEWS)) $(`show-${each}`).addEventListener("click", () => show(each));
  if (!diagram) $("show-diagram").hidden = true;
  addEventListener("hashchange", selectHash);
  makeMatrix();
  show(view);
  selectHash();
})();
