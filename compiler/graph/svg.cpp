#include "graph/svg.hpp"

#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "graph/label.hpp"
#include "graph/svg_style.hpp"
#include "graph/xml.hpp"

namespace meshfed::graph {
namespace {

constexpr int kCorner = 5;     // radius of a bend; two fit between any two stubs
constexpr int kTextPad = 12;   // from the edge of a card
constexpr int kBaseline = 15;  // of a row's text, from its top

using Out = std::back_insert_iterator<std::string>;

std::string_view change_class(Change change) {
  constexpr std::string_view kClasses[] = {"", " add", " del", " mod"};
  return kClasses[static_cast<std::size_t>(change)];
}

std::string signed_name(Change change, std::string_view name) {
  return change == Change::none ? std::string(name) : fmt::format("{} {}", sign(change), name);
}

/// A title that says what happened, and all facts.
std::string tooltip(std::string_view kind, const std::string& name, const std::vector<Fact>& facts, Change change) {
  std::string text = fmt::format("{} {}", kind, name);
  if (change != Change::none) text += fmt::format(" ({})", word(change));
  for (const auto& [key, value] : facts) text += fmt::format("\n{}: {}", xml(key), xml(value));
  return text;
}

class Writer {
 public:
  explicit Writer(const Topology& topology) : topology_(topology) {}

  std::string diagram(const Diagram& diagram) {
    open(diagram.width, diagram.height, "diagram");
    for (const Frame& frame : diagram.frames) add(frame);
    text_ += "<g class=\"wires\">\n";
    for (const Wire& wire : diagram.wires) add(diagram, wire);
    for (const Corner& corner : diagram.corners) add(diagram, corner);
    for (const Stub& stub : diagram.stubs) add(diagram, stub);
    for (const Joint& joint : diagram.joints)
      put("<circle class=\"f{}\" data-to=\"{}\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/>\n", colour(diagram, joint.server),
          joint.server, joint.at.x, joint.at.y);
    text_ += "</g>\n";
    for (const Card& card : diagram.cards) add(diagram, card);
    legend(diagram.height, topology_.compared
                               ? "An arrow points to the cluster that is called; lines meet where there is a dot."
                               : "An arrow points to the cluster that is called; lines of one colour meet there.");
    return close();
  }

  std::string matrix(const Matrix& matrix) {
    open(matrix.width, matrix.height, "matrix");
    for (const Band& band : matrix.row_bands) add(band, true);
    for (const Band& band : matrix.column_bands) add(band, false);
    for (const Band& row : matrix.row_bands) {
      for (const Band& column : matrix.column_bands)
        put("<rect class=\"block\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", column.box.x, row.box.y,
            column.box.width, row.box.height);
    }
    for (const Box& box : matrix.diagonal)
      put("<rect class=\"own\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", box.x, box.y, box.width, box.height);
    for (const Heading& heading : matrix.rows) add(heading, true);
    for (const Heading& heading : matrix.columns) add(heading, false);
    for (const Cell& cell : matrix.cells) add(cell);
    legend(matrix.height, "Clusters in rows serve, clusters in columns call; a cell counts the hosts.");
    return close();
  }

 private:
  template <class... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(Out(text_), format, std::forward<Args>(args)...);
  }

  void open(int width, int height, std::string_view kind) {
    put("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{}{}\" viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\" "
        "role=\"img\" aria-labelledby=\"picture-title picture-description\">\n",
        kind, topology_.compared ? " compared" : "", width, height, width, height);
    put("<title id=\"picture-title\">Federation {}</title>\n", xml(topology_.federation));
    put("<desc id=\"picture-description\">{}. Which cluster calls which, by how many hosts.</desc>\n",
        summary(topology_));
    put("<style>\n{}</style>\n", svg_style());
    put("<rect class=\"page\" width=\"{}\" height=\"{}\"/>\n", width, height);
    put("<text class=\"heading\" x=\"{}\" y=\"32\">{}</text>\n", kMargin, xml(fitted(topology_.federation, 60)));
    put("<text class=\"soft\" x=\"{}\" y=\"50\">{}</text>\n", kMargin, summary(topology_));
  }

  std::string close() {
    text_ += "</svg>\n";
    return std::move(text_);
  }

  void legend(int height, std::string_view how) {
    int x = kMargin;
    const int y = height - kMargin;
    if (topology_.compared) {
      for (const Change change : {Change::added, Change::removed, Change::changed}) {
        const std::string words = fmt::format("{} {}", sign(change), word(change));
        put("<text class=\"key{}\" x=\"{}\" y=\"{}\">{}</text>\n", change_class(change), x, y, words);
        x += text_width(base::display_width(words) + 3);
      }
    }
    put("<text class=\"soft\" x=\"{}\" y=\"{}\">{}</text>\n", x, y, how);
  }

  void add(const Frame& frame) {
    const MeshNode& mesh = topology_.meshes[frame.mesh];
    const std::size_t columns = static_cast<std::size_t>(frame.box.width - 2 * kTextPad) * 10 / 80;
    put("<g class=\"mesh{}\"><title>{}</title><rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
        "rx=\"10\"/><text class=\"name\" x=\"{}\" y=\"{}\">{}</text></g>\n",
        change_class(mesh.change), tooltip("mesh", xml(mesh.name), mesh.facts, mesh.change), frame.box.x, frame.box.y,
        frame.box.width, frame.box.height, frame.box.x + 14, frame.box.y + 23,
        xml(fitted(signed_name(mesh.change, mesh.name), columns)));
  }

  static std::uint32_t colour(const Diagram& diagram, std::uint32_t server) { return diagram.colours[server]; }

  /// Ends are left to what draws the bend.
  void add(const Diagram& diagram, const Wire& wire) {
    const int x = wire.from.x == wire.to.x ? 0 : kCorner, y = kCorner - x;
    const int from = wire.bends_from ? 1 : 0, to = wire.bends_to ? 1 : 0;
    put("<path class=\"wire s{}\" data-to=\"{}\" d=\"M{} {}L{} {}\"/>\n", colour(diagram, wire.server), wire.server,
        wire.from.x + from * x, wire.from.y + from * y, wire.to.x - to * x, wire.to.y - to * y);
  }

  void add(const Diagram& diagram, const Corner& corner) {
    put("<path class=\"wire s{}\" data-to=\"{}\" d=\"M{} {}Q{} {} {} {}\"/>\n", colour(diagram, corner.server),
        corner.server, corner.at.x, corner.at.y + kCorner, corner.at.x, corner.at.y,
        corner.at.x + corner.towards * kCorner, corner.at.y);
  }

  void add(const Diagram& diagram, const Stub& stub) {
    const int towards = stub.wire.x > stub.card.x ? 1 : -1;
    const bool is_end = stub.consumer == stub.server;
    const std::uint32_t own = colour(diagram, stub.server);
    const int begin = stub.card.x + (is_end ? towards * 9 : 0);
    put("<g class=\"call{}\" data-to=\"{}\" data-from=\"{}\">", change_class(stub.change), stub.server, stub.consumer);
    if (!stub.title.empty()) put("<title>{}</title>", xml(stub.title));
    const int halo = stub.wire.x - towards * (kCorner + 2), edge = stub.card.x + towards * 15;
    if ((halo - edge) * towards > 0) put("<path class=\"halo\" d=\"M{} {}H{}\"/>", edge, stub.card.y, halo);
    if (stub.bend == 0)
      put("<path class=\"stub s{}\" d=\"M{} {}H{}\"/>", own, begin, stub.card.y, stub.wire.x);
    else
      put("<path class=\"stub s{}\" d=\"M{} {}H{}Q{} {} {} {}\"/>", own, begin, stub.card.y,
          stub.wire.x - towards * kCorner, stub.wire.x, stub.wire.y, stub.wire.x, stub.wire.y + stub.bend * kCorner);
    if (is_end)
      put("<path class=\"head f{}\" d=\"M{} {}l{} -5v10z\"/>", own, stub.card.x, stub.card.y, towards * 10);
    else
      put("<circle class=\"port f{}\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/>", own, stub.card.x, stub.card.y);
    text_ += "</g>\n";
  }

  void add(const Diagram& diagram, const Card& card) {
    const ClusterNode& cluster = topology_.clusters[card.cluster];
    const Box& box = card.box;
    const bool serves = !card.rows.empty() && card.rows.front().kind == Row::Kind::serves;
    const std::size_t columns = static_cast<std::size_t>(box.width - 2 * kTextPad);
    put("<g class=\"card{}\" data-cluster=\"{}\"><title>{}</title><rect class=\"body\" x=\"{}\" y=\"{}\" width=\"{}\" "
        "height=\"{}\" rx=\"6\"/>\n",
        change_class(cluster.change), card.cluster,
        tooltip("cluster", xml(cluster.name), cluster.facts, cluster.change), box.x, box.y, box.width, box.height);
    if (serves)
      put("<rect class=\"bar f{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"4\" rx=\"2\"/>\n",
          colour(diagram, card.cluster), box.x + 6, box.y + 4, box.width - 12);
    put("<text class=\"name\" x=\"{}\" y=\"{}\">{}</text>", box.x + kTextPad, box.y + 23,
        xml(fitted(signed_name(cluster.change, cluster.name), columns * 10 / 80)));
    put("<text class=\"soft\" x=\"{}\" y=\"{}\">{}</text>\n", box.x + kTextPad, box.y + 38,
        xml(fitted(detail(cluster), columns * 10 / 67)));
    for (const Row& row : card.rows) add(row);
    text_ += "</g>\n";
  }

  void add(const Row& row) {
    const int y = row.box.y + kBaseline;
    put("<g class=\"row{}\"", change_class(row.change));
    if (row.kind == Row::Kind::calls) put(" data-peer=\"{}\"", row.peer);
    put("><title>{}</title><rect class=\"line\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", xml(row.title),
        row.box.x + 1, row.box.y, row.box.width - 2, row.box.height);
    const std::string right = row.change == Change::none || row.change == Change::changed
                                  ? row.right
                                  : fmt::format("{} {}", sign(row.change), row.right);
    put("<text class=\"label\" x=\"{}\" y=\"{}\">{}</text><text class=\"value\" x=\"{}\" y=\"{}\">{}</text></g>\n",
        row.box.x + kTextPad, y, xml(row.left), row.box.right() - kTextPad, y, xml(right));
  }

  void add(const Heading& heading, bool is_row) {
    const Box& box = heading.box;
    const ClusterNode& cluster = topology_.clusters[heading.cluster];
    const std::string title = tooltip("cluster", xml(cluster.name), cluster.facts, cluster.change);
    const std::string_view changed = change_class(cluster.change);
    if (is_row)
      put("<text class=\"value{}\" x=\"{}\" y=\"{}\">{}<title>{}</title></text>\n", changed, box.right() - 6,
          box.y + 16, xml(heading.text), title);
    else
      put("<text class=\"label{}\" transform=\"translate({} {}) rotate(-90)\">{}<title>{}</title></text>\n", changed,
          box.x + 16, box.bottom() - 6, xml(heading.text), title);
  }

  void add(const Band& band, bool is_row) {
    const Box& box = band.box;
    const MeshNode& mesh = topology_.meshes[band.mesh];
    put("<g class=\"mesh{}\"><title>{}</title><rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
        "rx=\"4\"/>",
        change_class(mesh.change), tooltip("mesh", xml(mesh.name), mesh.facts, mesh.change), box.x, box.y, box.width,
        box.height);
    const int x = box.x + box.width / 2, y = box.y + box.height / 2;
    if (!band.text.empty())
      put("<text class=\"soft middle\" transform=\"translate({} {}){}\">{}</text>", x + (is_row ? 4 : 0),
          y + (is_row ? 0 : 4), is_row ? " rotate(-90)" : "", xml(band.text));
    text_ += "</g>\n";
  }

  void add(const Cell& cell) {
    put("<g class=\"cell h{}{}\"><title>{}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"/>"
        "<text x=\"{}\" y=\"{}\">{}</text></g>\n",
        cell.shade, change_class(cell.change), xml(cell.title), cell.box.x + 1, cell.box.y + 1, cell.box.width - 2,
        cell.box.height - 2, cell.box.x + cell.box.width / 2, cell.box.y + 16, xml(cell.text));
  }

  const Topology& topology_;
  std::string text_;
};

}  // namespace

std::string svg_element(const Topology& topology, const Diagram& diagram) { return Writer(topology).diagram(diagram); }
std::string svg_element(const Topology& topology, const Matrix& matrix) { return Writer(topology).matrix(matrix); }

std::string svg(const Topology& topology) {
  const bool few = topology.clusters.size() <= kMostInDiagram;
  return std::string(kSvgMark) +
         (few ? svg_element(topology, diagram(topology)) : svg_element(topology, matrix(topology)));
}

}  // namespace meshfed::graph
