#include "yaml_oracle/yaml_cpp_reader.hpp"

#include <yaml-cpp/yaml.h>

#include <exception>
#include <utility>
#include <variant>

namespace meshfed::yaml_oracle {
namespace {

class Comparer {
 public:
  void compare(const YAML::Node& node, const yaml::Value& expected, const std::string& path) {
    std::visit([&](const auto& data) { compare_data(node, data, path); }, expected.data());
  }
  Comparison take() && { return std::move(result_); }

 private:
  void expect(bool same, const std::string& path, const std::string& what) {
    ++result_.compared;
    if (!same) result_.differences.push_back(path + ": " + what);
  }

  // yaml-cpp gives a plain scalar the tag `?`, a quoted or literal one `!`.
  static bool is_plain(const YAML::Node& node) { return node.IsScalar() && node.Tag() == "?"; }

  void compare_data(const YAML::Node& node, const std::string& text, const std::string& path) {
    expect(node.IsScalar() && node.Scalar() == text, path, "expected another string");
    if (!is_plain(node)) return;
    bool flag = false;
    double number = 0;
    const bool other = YAML::convert<bool>::decode(node, flag) || YAML::convert<double>::decode(node, number);
    expect(!other, path, "plain `" + text + "` reads as a boolean or a number");
  }
  void compare_data(const YAML::Node& node, bool flag, const std::string& path) {
    expect(is_plain(node) && node.Scalar() == (flag ? "true" : "false"), path, "expected a boolean");
  }
  void compare_data(const YAML::Node& node, std::int64_t number, const std::string& path) {
    expect(is_plain(node) && node.Scalar() == std::to_string(number), path, "expected a number");
  }
  void compare_data(const YAML::Node& node, std::nullptr_t, const std::string& path) {
    expect(node.IsNull(), path, "expected null");
  }
  void compare_data(const YAML::Node& node, const yaml::List& list, const std::string& path) {
    if (!node.IsSequence() || node.size() != list.size()) return expect(false, path, "expected another list");
    if (list.empty()) expect(true, path, {});
    auto item = node.begin();
    std::size_t index = 0;
    for (const yaml::Value& value : list) compare(*item++, value, path + '[' + std::to_string(index++) + ']');
  }
  void compare_data(const YAML::Node& node, const yaml::Map& map, const std::string& path) {
    if (!node.IsMap() || node.size() != map.size()) return expect(false, path, "expected another map");
    if (map.empty()) expect(true, path, {});
    auto item = node.begin();
    std::size_t index = 0;
    for (const yaml::Entry& entry : map) {
      const std::string below = path + '{' + std::to_string(index++) + '}';
      compare_data(item->first, entry.key, below + " key");
      compare(item->second, entry.value, below);
      ++item;
    }
  }

  Comparison result_;
};

}  // namespace

Comparison compare_with_yaml_cpp(const std::string& text, const yaml::Map& expected) {
  try {
    Comparer comparer;
    comparer.compare(YAML::Load(text), expected, "");
    return std::move(comparer).take();
  } catch (const std::exception& error) {
    return {.compared = 0, .differences = {std::string("yaml-cpp cannot read it: ") + error.what()}};
  }
}

}  // namespace meshfed::yaml_oracle
