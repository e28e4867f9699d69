#include "publish/inventory.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <tuple>
#include <utility>

#include "base/lines.hpp"
#include "base/text.hpp"
#include "publish/path.hpp"

namespace meshfed::publish {
namespace {

constexpr std::string_view kMagic = "meshfedc-lock";
constexpr unsigned kVersion = 2;
constexpr std::size_t kMaxId = 1024;
constexpr char kCodes = '~';

// Up to the next separator, which is taken too.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return out;
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool are_codes(std::string_view text) {
  return text.size() % base::kLineCode == 0 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxId && !text.starts_with(kCodes) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

// A number without sign or leading zero.
std::optional<unsigned> version_of(std::string_view text) {
  if (text.empty() || text.front() == '0' || text.size() > 9) return std::nullopt;
  unsigned version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(version) : std::nullopt;
}

ParsedInventory bad(std::size_t line, std::string_view what) {
  return {ParsedInventory::Status::bad, {}, "line " + std::to_string(line) + ": " + std::string(what)};
}

ParsedInventory parse_header(std::size_t number, std::string_view line) {
  if (take(line, ' ') != kMagic) return bad(number, "it does not start with `meshfedc-lock`");
  const std::string_view word = take(line, ' ');
  const std::optional<unsigned> version = version_of(word);
  if (version > kVersion) {
    return {ParsedInventory::Status::newer,
            {},
            "line " + std::to_string(number) + ": format " + std::string(word) +
                ", but the newest supported format is " + std::to_string(kVersion)};
  }
  if (!version) return bad(number, "format " + base::quoted(word.substr(0, 20)));
  if (!is_component(line)) return bad(number, "invalid federation name " + base::quoted(line.substr(0, 80)));
  return {ParsedInventory::Status::good, {std::string(line), {}}, {}};
}

// What is wrong with the line; an entry is added if nothing is.
std::optional<std::string> parse_entry(std::string_view line, std::vector<InventoryEntry>& entries) {
  bool more = line.find(' ') != std::string_view::npos;
  const std::string_view path = take(line, ' ');
  if (!is_path(path)) return "not a path that meshfedc writes: " + base::quoted(path.substr(0, 80));
  InventoryEntry entry = {std::string(path), {}, {}, {}};
  if (more) {
    more = line.find(' ') != std::string_view::npos;
    entry.sha256 = take(line, ' ');
    if (!is_digest(entry.sha256)) return "no SHA-256 digest after the path";
  }
  while (more) {
    more = line.find(' ') != std::string_view::npos;
    const std::string_view word = take(line, ' ');
    if (entry.line_codes.empty() && word.starts_with(kCodes) && are_codes(word.substr(1))) {
      entry.line_codes = word.substr(1);
    } else if (is_id(word)) {
      entry.object_ids.emplace_back(word);
    } else {
      return "not an object id: " + base::quoted(word.substr(0, 80));
    }
  }
  entries.push_back(std::move(entry));
  return std::nullopt;
}

// What tells entries apart: a path and a content.
std::tuple<std::string_view, std::string_view, std::string_view> key(const InventoryEntry& entry) {
  return {entry.path, entry.sha256, entry.sha256.empty() ? std::string_view(entry.line_codes) : ""};
}

// Of two with one key, the one that knows its lines comes first.
bool precedes(const InventoryEntry& a, const InventoryEntry& b) {
  return key(a) < key(b) || (key(a) == key(b) && a.line_codes.size() > b.line_codes.size());
}

// Of sorted entries, one for each path and content.
void drop_repeated(std::vector<InventoryEntry>& entries) {
  const auto same = [](const InventoryEntry& a, const InventoryEntry& b) { return key(a) == key(b); };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
}

void tidy(std::vector<InventoryEntry>& entries) {
  if (!std::is_sorted(entries.begin(), entries.end(), precedes))
    std::stable_sort(entries.begin(), entries.end(), precedes);
  drop_repeated(entries);
}

// A lock without marks of a conflict.
ParsedInventory parse_side(std::string_view text) {
  ParsedInventory out;
  bool begun = false;
  std::size_t number = 0;
  while (const std::optional<std::string_view> line = base::next_line(text)) {
    ++number;
    if (!begun || line->starts_with(kMagic)) {
      ParsedInventory header = parse_header(number, *line);
      if (header.status != ParsedInventory::Status::good) return header;
      // A merge of lines that keeps both sides' keeps both headers.
      if (begun && header.lock.federation != out.lock.federation) return bad(number, "it names two federations");
      if (!begun) out = std::move(header);
      begun = true;
    } else if (line->starts_with(' ')) {
      const std::string_view code = line->substr(1);
      if (code.size() != base::kLineCode || !are_codes(code) || out.lock.entries.empty())
        return bad(number, "not a line code: " + base::quoted(code.substr(0, 80)));
      out.lock.entries.back().line_codes += code;
    } else if (const std::optional<std::string> wrong = parse_entry(*line, out.lock.entries)) {
      return bad(number, *wrong);
    }
  }
  tidy(out.lock.entries);
  return out;
}

// What Git could not merge: the lock of either side, and of what both come from if it wrote that too.
struct Sides {
  std::array<std::string, 3> texts;
  std::array<bool, 3> marked = {};
};

constexpr std::string_view kSides = "<|=";  // what begins ours, the common one and theirs

Sides sides_of(std::string_view text) {
  Sides out;
  std::optional<std::size_t> now;
  std::size_t size = 0;  // of this conflict's marks: those of one within are longer
  while (const std::optional<std::string_view> line = base::next_line(text)) {
    if (base::is_conflict_marker(*line)) {
      const std::size_t length = std::min(line->find_first_not_of(line->front()), line->size());
      if (!now) size = length;
      if (length == size) {
        const std::size_t side = kSides.find(line->front());
        now = side == std::string_view::npos ? std::nullopt : std::optional(side);
        if (now) out.marked.at(side) = true;
      }
      continue;
    }
    for (std::size_t side = 0; side < out.texts.size(); ++side) {
      if (!now || now == side) out.texts.at(side).append(*line).append("\n");
    }
  }
  return out;
}

ParsedInventory parse_sides(std::string_view text) {
  ParsedInventory all = bad(1, "it contains only conflict markers");
  const Sides sides = sides_of(text);
  if (std::ranges::find(sides.marked, true) == sides.marked.end()) return parse_side(sides.texts.front());
  for (std::size_t i = 0; i < sides.texts.size(); ++i) {
    if (!sides.marked.at(i) || sides.texts.at(i).empty()) continue;
    ParsedInventory parsed = parse_side(sides.texts.at(i));
    if (parsed.status != ParsedInventory::Status::good) return parsed;
    const bool first = all.status != ParsedInventory::Status::good;
    if (!first && parsed.lock.federation != all.lock.federation) return bad(1, "it names two federations");
    all = first
              ? std::move(parsed)
              : ParsedInventory{ParsedInventory::Status::good, merge(std::move(all.lock), std::move(parsed.lock)), {}};
  }
  return all;
}

std::string first_line(std::string_view federation) {
  return std::string(kMagic).append(" ").append(std::to_string(kVersion)).append(" ").append(federation).append("\n");
}

// Hosts have dots in their names, and nothing else does that has a file.
bool is_of_one_host(std::string_view path) {
  const std::string_view name = name_of(path);
  return name.find('.') != name.rfind('.');
}

void add_entry(std::string& out, std::string_view path, std::string_view digest, std::string_view codes,
               const std::vector<std::string>& ids) {
  out.append(path);
  if (!digest.empty()) {
    out.append(" ").append(digest);
    if (!codes.empty()) out.append(" ").append(1, kCodes).append(codes);
    for (const std::string& id : ids) out.append(" ").append(id);
    codes = {};
  }
  out += '\n';
  for (; !codes.empty(); codes.remove_prefix(base::kLineCode))
    out.append(" ").append(codes.substr(0, base::kLineCode)).append("\n");
}

std::string_view digest_in_lock(const emit::OutputFile& file) {
  return is_of_one_host(file.path) ? std::string_view(file.content->sha256) : std::string_view();
}

}  // namespace

bool lists_files(const InventoryEntry& entry) { return name_of(entry.path) == "kustomization.yaml"; }

ParsedInventory parse_inventory(std::string_view text) {
  if (text.size() > kMaxLockBytes) return bad(1, "the file is too large");
  if (text.empty()) return bad(1, "the file is empty");
  if (text.back() != '\n')
    return bad(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1, "truncated");
  return base::has_conflict_markers(text) ? parse_sides(text) : parse_side(text);
}

std::string print(const Inventory& lock) {
  std::string out = first_line(lock.federation);
  for (const InventoryEntry& entry : lock.entries)
    add_entry(out, entry.path, entry.sha256, entry.line_codes, entry.object_ids);
  return out;
}

std::vector<std::string_view> paths_of(std::string_view lock_text) {
  std::vector<std::string_view> paths;
  take(lock_text, '\n');
  while (!lock_text.empty()) {
    std::string_view line = take(lock_text, '\n');
    if (line.starts_with(' ')) continue;
    const std::string_view path = take(line, ' ');
    if (paths.empty() || paths.back() != path) paths.push_back(path);
  }
  return paths;
}

std::vector<std::string_view> paths_of(const emit::Tree& tree) {
  std::vector<std::string_view> paths;
  paths.reserve(tree.files.size());
  for (const emit::OutputFile& file : tree.files) paths.push_back(file.path);
  return paths;
}

Inventory inventory_of(std::string_view federation, const emit::Tree& tree) {
  Inventory out = {std::string(federation), {}};
  out.entries.reserve(tree.files.size());
  for (const emit::OutputFile& file : tree.files) {
    const emit::Content& content = *file.content;
    if (is_of_one_host(file.path))
      out.entries.push_back({file.path, content.sha256, content.object_ids, content.line_codes});
    else
      out.entries.push_back({file.path, {}, {}, content.line_codes});
  }
  return out;
}

std::string print_inventory(std::string_view federation, const emit::Tree& tree) {
  std::string out = first_line(federation);
  for (const emit::OutputFile& file : tree.files)
    add_entry(out, file.path, digest_in_lock(file), file.content->line_codes, file.content->object_ids);
  return out;
}

Inventory merge(Inventory before, Inventory after) {
  Inventory out = {std::move(after.federation), {}};
  out.entries.reserve(before.entries.size() + after.entries.size());
  const auto begin = [](Inventory& lock) { return std::make_move_iterator(lock.entries.begin()); };
  const auto end = [](Inventory& lock) { return std::make_move_iterator(lock.entries.end()); };
  std::merge(begin(before), end(before), begin(after), end(after), std::back_inserter(out.entries), precedes);
  drop_repeated(out.entries);
  return out;
}

}  // namespace meshfed::publish
