import com.sun.source.tree.*;
import com.sun.source.util.*;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
import javax.lang.model.element.*;
import javax.tools.*;

/**
 * Asks javac what the calls mean: {@code java Calls.java <folder>}, one edge a line on stdin (path, line, name, target's path,
 * first and last line, by tabs), one verdict a line on stdout (see ../precision.mjs). What is missing from the class path is
 * passed over.
 */
public class Calls {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(file -> file.toString().endsWith(".java") && !file.endsWith("module-info.java")).sorted().toList();
    }
    StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
    JavacTask task = (JavacTask) compiler.getTask(null, manager, problem -> {}, List.of("-proc:none", "-XDshould-stop.ifError=FLOW", "-Xmaxerrs", "1"), null, manager.getJavaFileObjectsFromPaths(files));
    Map<String, CompilationUnitTree> units = new HashMap<>();
    for (CompilationUnitTree unit : task.parse()) units.put(folder.relativize(Path.of(unit.getSourceFile().toUri())).toString(), unit);
    task.analyze();
    Trees trees = Trees.instance(task);
    Scanner input = new Scanner(System.in);
    while (input.hasNextLine()) {
      String[] edge = input.nextLine().split("\t");
      System.out.println(judge(folder, trees, units.get(edge[0]), edge));
    }
  }

  static String judge(Path folder, Trees trees, CompilationUnitTree unit, String[] edge) {
    if (unit == null) return "unknown";
    int line = Integer.parseInt(edge[1]), first = Integer.parseInt(edge[4]), last = Integer.parseInt(edge[5]);
    List<String> meant = new ArrayList<>();
    boolean[] right = {false};
    new TreePathScanner<Void, Void>() {
      @Override public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
        ExpressionTree callee = call.getMethodSelect();
        String name = callee instanceof MemberSelectTree member ? member.getIdentifier().toString() : callee.toString();
        look(new TreePath(getCurrentPath(), callee), name, callee, call);
        return super.visitMethodInvocation(call, nothing);
      }

      @Override public Void visitNewClass(NewClassTree made, Void nothing) {
        Element element = trees.getElement(getCurrentPath());
        look(getCurrentPath(), element == null ? "" : element.getEnclosingElement().getSimpleName().toString(), made, made);
        if (element != null) look(new TreePath(getCurrentPath(), made.getIdentifier()), edge[2], made, made);
        return super.visitNewClass(made, nothing);
      }

      void look(TreePath path, String name, Tree callee, Tree call) {
        SourcePositions positions = trees.getSourcePositions();
        long at = call instanceof NewClassTree ? positions.getStartPosition(unit, call) : positions.getEndPosition(unit, callee);
        if (at < 0 || unit.getLineMap().getLineNumber(at) != line) return;
        Element element = trees.getElement(path);
        TreePath declared = element == null ? null : trees.getPath(element);
        if (declared == null) {
          if (element != null && name.equals(edge[2]) && !element.asType().getKind().equals(javax.lang.model.type.TypeKind.ERROR)) meant.add(element.getEnclosingElement() + "." + element);
          return;
        }
        CompilationUnitTree there = declared.getCompilationUnit();
        String file = folder.relativize(Path.of(there.getSourceFile().toUri())).toString();
        long from = there.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(there, declared.getLeaf()));
        if (file.equals(edge[3]) && from >= first - 3 && from <= last) right[0] = true;
        else if (name.equals(edge[2])) meant.add(file + ":" + from);
      }
    }.scan(unit, null);
    return right[0] ? "right" : meant.isEmpty() ? "unknown" : "wrong\t" + String.join(" ", meant.subList(0, Math.min(3, meant.size())));
  }
}
