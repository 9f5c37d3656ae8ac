import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** For each line "pattern replacement text", each in base64: the first match and the replaced text, as Java has them. */
class JavaPatterns {
  public static void main(String[] arguments) throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var parts = line.split(" ", -1);
      System.out.println(answer(text(parts[0]), text(parts[1]), text(parts[2])));
    }
  }

  private static String answer(String pattern, String replacement, String text) {
    try {
      Matcher matcher = Pattern.compile(pattern).matcher(text);
      String first = matcher.find() ? base64(matcher.group()) : "-";
      return first + " " + base64(matcher.replaceAll(replacement));
    } catch (IllegalArgumentException | IndexOutOfBoundsException error) {
      return "invalid";
    }
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
